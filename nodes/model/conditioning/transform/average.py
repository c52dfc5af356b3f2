"""Conditioning (Average)."""

from __future__ import annotations

from typing import Annotated

from safelight import Conditioning, Number, node

SHARE = Number(min=0.0, max=1.0, step=0.01, tip="1 is all of the first prompt, 0 all of the second.")


@node(
    "ConditioningAverage",
    category="model/conditioning/transform",
    title="Conditioning (Average)",
    aliases=("blend prompts", "mix prompts"),
)
def average(
    *,
    conditioning_to: Conditioning,
    conditioning_from: Conditioning,
    conditioning_to_strength: Annotated[float, SHARE] = 1.0,
) -> Conditioning:
    """Blend two prompts: somewhere between the one meaning and the other."""
    from safelight import diffusion

    return diffusion.conditioning.average(conditioning_to, conditioning_from, conditioning_to_strength)
