"""Conditioning (Concat)."""

from __future__ import annotations

from safelight import Conditioning, node


@node("ConditioningConcat", category="model/conditioning/transform", title="Conditioning (Concat)")
def concat(*, conditioning_to: Conditioning, conditioning_from: Conditioning) -> Conditioning:
    """Join two prompts into one longer prompt, encoded apart so that their words do not mix."""
    from safelight import diffusion

    return diffusion.conditioning.concat(conditioning_to, conditioning_from)
