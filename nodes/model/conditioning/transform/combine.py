"""Conditioning (Combine)."""

from __future__ import annotations

from safelight import Conditioning, node


@node("ConditioningCombine", category="model/conditioning/transform", title="Conditioning (Combine)")
def combine(*, conditioning_1: Conditioning, conditioning_2: Conditioning) -> Conditioning:
    """Let two prompts steer together: the model answers each, and the answers are averaged."""
    from safelight import diffusion

    return diffusion.conditioning.combine(conditioning_1, conditioning_2)
