"""SDTurboScheduler."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Denoise
from safelight import Context, Model, Number, Sigmas, node

STEPS = Number(min=1, max=10, tip="Denoising steps; one is what these models were made for.")


@node("SDTurboScheduler", category="model/sampling/schedulers", aliases=("sigmas", "turbo"))
def turbo_schedule(
    ctx: Context, *, model: Model, steps: Annotated[int, STEPS] = 1, denoise: Denoise = 1.0
) -> Sigmas:
    """Make the schedule of SD-Turbo and SDXL-Turbo: one to ten steps at the levels they were distilled at."""
    from safelight import diffusion

    own = diffusion.overlay.sampling_of(model, ctx.plan, ctx)
    return diffusion.schedule.turbo(own, steps, denoise)
