"""Conditioning (Set Area with Percentage)."""

from __future__ import annotations

from nodes.types import AreaShare, AreaStart, Strength
from safelight import Conditioning, node


@node(
    "ConditioningSetAreaPercentage",
    category="model/conditioning/transform",
    title="Conditioning (Set Area with Percentage)",
    aliases=("region", "area composition"),
)
def set_area_percentage(
    *,
    conditioning: Conditioning,
    width: AreaShare = 1.0,
    height: AreaShare = 1.0,
    x: AreaStart = 0.0,
    y: AreaStart = 0.0,
    strength: Strength = 1.0,
) -> Conditioning:
    """Let a prompt act on a rectangle only, given in shares of the picture."""
    from safelight import diffusion

    return diffusion.conditioning.set_area_percent(
        conditioning, width=width, height=height, x=x, y=y, strength=strength
    )
