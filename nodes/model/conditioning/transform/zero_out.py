"""Conditioning Zero Out."""

from __future__ import annotations

from safelight import Conditioning, node


@node("ConditioningZeroOut", category="model/conditioning/transform", title="Conditioning Zero Out")
def zero_out(*, conditioning: Conditioning) -> Conditioning:
    """Fill the encoded prompt with zeros: for models that were trained to take that as "no prompt"."""
    from safelight import diffusion

    return diffusion.conditioning.zero_out(conditioning)
