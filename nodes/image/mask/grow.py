"""Grow Mask."""

from __future__ import annotations

from typing import Annotated

from safelight import Mask, Number, Toggle, node

EXPAND = Number(min=-16384, max=16384, step=1, tip="Pixels to grow by; less than 0 shrinks.")
TAPERED = Toggle(advanced=True, tip="Cut the corners, instead of growing to a square.")


@node("GrowMask", category="image/mask", title="Grow Mask", aliases=("expand", "shrink", "dilate", "erode"))
def grow(
    *, mask: Mask, expand: Annotated[int, EXPAND] = 0, tapered_corners: Annotated[bool, TAPERED] = True
) -> Mask:
    """Make a mask reach further, or less far."""
    from safelight import diffusion

    return diffusion.mask.grown(mask, expand, tapered_corners)
