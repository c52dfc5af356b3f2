"""BetaSamplingScheduler."""

from __future__ import annotations

from typing import Annotated

from nodes.types import RunLength
from safelight import Context, Model, Number, Sigmas, node

ALPHA = Number(
    min=0.0,
    max=50.0,
    step=0.01,
    advanced=True,
    tip="How densely the steps lie at low noise: the lower, the denser.",
)
BETA = Number(
    min=0.0,
    max=50.0,
    step=0.01,
    advanced=True,
    tip="How densely the steps lie at high noise: the lower, the denser.",
)


@node("BetaSamplingScheduler", category="model/sampling/schedulers", aliases=("sigmas",))
def beta_schedule(
    ctx: Context,
    *,
    model: Model,
    steps: RunLength = 20,
    alpha: Annotated[float, ALPHA] = 0.6,
    beta: Annotated[float, BETA] = 0.6,
) -> Sigmas:
    """Make a schedule that is dense at both ends, where shapes and where details are decided."""
    from safelight import diffusion

    own = diffusion.overlay.sampling_of(model, ctx.plan, ctx)
    return diffusion.schedule.beta(own, steps, alpha, beta)
