"""Conditioning (Set Area)."""

from __future__ import annotations

from nodes.types import AreaOffset, AreaSide, Strength
from safelight import Conditioning, node


@node(
    "ConditioningSetArea",
    category="model/conditioning/transform",
    title="Conditioning (Set Area)",
    aliases=("region", "area composition"),
)
def set_area(
    *,
    conditioning: Conditioning,
    width: AreaSide = 64,
    height: AreaSide = 64,
    x: AreaOffset = 0,
    y: AreaOffset = 0,
    strength: Strength = 1.0,
) -> Conditioning:
    """Let a prompt act on a rectangle only, given in pixels. Combine it with a prompt for the rest."""
    from safelight import diffusion

    return diffusion.conditioning.set_area(
        conditioning, width=width, height=height, x=x, y=y, strength=strength
    )
