"""Feather Mask."""

from __future__ import annotations

from typing import Annotated

from safelight import Mask, Number, node

Feather = Annotated[int, Number(min=0, max=16384, step=1, tip="Pixels over which it fades out on this side.")]


@node("FeatherMask", category="image/mask", title="Feather Mask", aliases=("soften", "fade"))
def feather(
    *, mask: Mask, left: Feather = 0, top: Feather = 0, right: Feather = 0, bottom: Feather = 0
) -> Mask:
    """Let a mask fade out towards the edges of the picture."""
    from safelight import diffusion

    return diffusion.mask.feathered(mask, left, top, right, bottom)
