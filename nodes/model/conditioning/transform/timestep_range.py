"""Conditioning (Set Timestep Range)."""

from __future__ import annotations

from nodes.types import Moment
from safelight import Conditioning, node


@node(
    "ConditioningSetTimestepRange",
    category="model/conditioning/transform",
    title="Conditioning (Set Timestep Range)",
    aliases=("prompt scheduling",),
)
def set_timestep_range(*, conditioning: Conditioning, start: Moment = 0.0, end: Moment = 1.0) -> Conditioning:
    """Let a prompt act during part of the denoising only: early steps set shapes, late ones details."""
    from safelight import diffusion

    return diffusion.conditioning.set_timestep_range(conditioning, start, end)
