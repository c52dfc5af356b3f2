"""Perp-Neg Guider."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Cfg
from safelight import Conditioning, Guider, Model, Number, node

NEG_SCALE = Number(
    min=0.0, max=100.0, step=0.01, advanced=True, tip="How strongly to keep away from the negative prompt."
)


@node("PerpNegGuider", category="experimental", title="Perp-Neg Guider", aliases=("perpendicular",))
def perpendicular_guider(
    *,
    model: Model,
    positive: Conditioning,
    negative: Conditioning,
    empty_conditioning: Conditioning,
    cfg: Cfg = 8.0,
    neg_scale: Annotated[float, NEG_SCALE] = 1.0,
) -> Guider:
    """Keep away from the negative prompt only where it does not speak about the same as the positive one.

    The empty conditioning is the encoding of an empty prompt.
    """
    from safelight import diffusion

    sides = {"positive": positive, "negative": negative, "empty": empty_conditioning}
    settings = (("cfg", cfg), ("neg_scale", neg_scale))
    return diffusion.ingredient.GuiderHandle("perpendicular", model, sides, settings)
