"""ModelSamplingSD3."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

SHIFT = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    tip="How many more steps go to high noise: larger pictures need more. 1 is none.",
)


@node("ModelSamplingSD3", category="model/patch/stable diffusion", aliases=("flow", "shift"))
def set_sd3_sampling(*, model: Model, shift: Annotated[float, SHIFT] = 3.0) -> Model:
    """Shift the schedule of a flow model that is told its noise level from 0 to 1000."""
    from safelight import diffusion

    return diffusion.overlay.resampled(model, "flow", shift=shift)
