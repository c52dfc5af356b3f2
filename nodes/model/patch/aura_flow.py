"""ModelSamplingAuraFlow."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

SHIFT = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    tip="How many more steps go to high noise: larger pictures need more. 1 is none.",
)


@node("ModelSamplingAuraFlow", category="model/patch", aliases=("flow", "shift"))
def set_aura_flow_sampling(*, model: Model, shift: Annotated[float, SHIFT] = 1.73) -> Model:
    """Shift the schedule of a flow model that is told its noise level from 0 to 1."""
    from safelight import diffusion

    return diffusion.overlay.resampled(model, "flow", shift=shift, multiplier=1.0)
