"""AlignYourStepsScheduler."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import Denoise, RunLength
from safelight import Choice, Sigmas, node

MODEL_TYPE = Choice(tip="The kind of model that the levels were found for.")


@node("AlignYourStepsScheduler", category="model/sampling/schedulers", aliases=("AYS", "sigmas"))
def aligned_schedule(
    *,
    model_type: Annotated[Literal["SD1", "SDXL", "SVD"], MODEL_TYPE] = "SD1",
    steps: RunLength = 10,
    denoise: Denoise = 1.0,
) -> Sigmas:
    """Make the schedule that was found best for a kind of model, for pictures in as few as ten steps."""
    from safelight import diffusion

    return diffusion.schedule.aligned(model_type, steps, denoise)
