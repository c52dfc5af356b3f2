"""Conditioning (Set Mask)."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import Strength
from safelight import Choice, Conditioning, Mask, node

BOUNDS = Choice(tip="What the model sees: the whole picture, or only the rectangle around the mask.")


@node(
    "ConditioningSetMask",
    category="model/conditioning/transform",
    title="Conditioning (Set Mask)",
    aliases=("regional prompt",),
)
def set_mask(
    *,
    conditioning: Conditioning,
    mask: Mask,
    strength: Strength = 1.0,
    set_cond_area: Annotated[Literal["default", "mask bounds"], BOUNDS] = "default",
) -> Conditioning:
    """Let a prompt act where the mask is white."""
    from safelight import diffusion

    return diffusion.conditioning.set_mask(conditioning, mask, strength, set_cond_area)
