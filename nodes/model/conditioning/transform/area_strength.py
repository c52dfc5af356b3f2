"""Conditioning (Set Area Strength)."""

from __future__ import annotations

from nodes.types import Strength
from safelight import Conditioning, node


@node(
    "ConditioningSetAreaStrength",
    category="model/conditioning/transform",
    title="Conditioning (Set Area Strength)",
)
def set_area_strength(*, conditioning: Conditioning, strength: Strength = 1.0) -> Conditioning:
    """Set how strongly a prompt counts against the others that act in the same place."""
    from safelight import diffusion

    return diffusion.conditioning.set_strength(conditioning, strength)
