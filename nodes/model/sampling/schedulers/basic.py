"""BasicScheduler."""

from __future__ import annotations

from nodes.types import Denoise, RunLength, SchedulerName
from safelight import Context, Model, Sigmas, node


@node("BasicScheduler", category="model/sampling/schedulers", aliases=("sigmas", "schedule"))
def basic_schedule(
    ctx: Context,
    *,
    model: Model,
    scheduler: SchedulerName = "simple",
    steps: RunLength = 20,
    denoise: Denoise = 1.0,
) -> Sigmas:
    """Make the schedule that a KSampler would use for this model: the noise level of every step, then zero.

    Only the levels that the model was trained at are read, not its weights.
    """
    from safelight import diffusion

    return diffusion.sampling.schedule(model, scheduler, steps, denoise, plan=ctx.plan, watch=ctx)
