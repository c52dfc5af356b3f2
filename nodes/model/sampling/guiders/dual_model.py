"""Dual Model CFG Guider."""

from __future__ import annotations

import math
from typing import Annotated

from safelight import BadInput, Conditioning, Guider, Model, Number, node

STRENGTH = Number(
    min=0.0,
    max=100.0,
    step=0.1,
    round=0.01,
    tip="How far away from what the second model says; 1 does not ask it.",
)


@node(
    "DualModelGuider",
    category="model/sampling/guiders",
    title="Dual Model CFG Guider",
    aliases=("autoguidance", "second model"),
    experimental=True,
)
def dual_model_guider(
    *,
    model: Model,
    positive: Conditioning,
    cfg: Annotated[float, STRENGTH] = 4.0,
    model_negative: Model | None = None,
    negative: Conditioning | None = None,
) -> Guider:
    """Guide away from what another model says, such as a weaker one of the same family.

    Given the same prompt for both, only the difference of the models guides: the picture gets better, and not
    more alike (autoguidance: Karras et al. 2024, arXiv:2406.02507). Without a second model it is CFG Guider.
    """
    from safelight import diffusion

    sides = {"positive": positive} | ({} if negative is None else {"negative": negative})
    if negative is None and not math.isclose(cfg, 1.0):
        raise BadInput(
            "negative", "there is nothing to guide away from", "Connect a prompt, or set cfg to 1."
        )
    second = None if model_negative is None or model_negative.key == model.key else model_negative
    return diffusion.ingredient.GuiderHandle("cfg", model, sides, (("cfg", cfg),), second)
