"""Conditioning (Multiply)."""

from __future__ import annotations

from typing import Annotated

from safelight import Conditioning, Number, node

MULTIPLIER = Number(
    min=-100.0, max=100.0, step=0.01, tip="What the numbers are multiplied by; 1 changes nothing."
)


@node(
    "ConditioningMultiply",
    category="model/conditioning/transform",
    title="Conditioning (Multiply)",
    aliases=("scale prompt",),
)
def multiply(*, conditioning: Conditioning, multiplier: Annotated[float, MULTIPLIER] = 1.0) -> Conditioning:
    """Multiply the numbers that a prompt was turned into, to see what a louder or fainter prompt does.

    This leaves what models were trained on; the strength of a conditioning or the guidance scale are milder.
    """
    from safelight import diffusion

    return diffusion.conditioning.multiplied(conditioning, multiplier)
