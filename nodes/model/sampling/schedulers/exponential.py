"""ExponentialScheduler."""

from __future__ import annotations

from nodes.types import RunLength, SigmaMax, SigmaMin
from safelight import Sigmas, node


@node("ExponentialScheduler", category="model/sampling/schedulers", aliases=("sigmas",))
def exponential_schedule(
    *, steps: RunLength = 20, sigma_max: SigmaMax = 14.614642, sigma_min: SigmaMin = 0.0291675
) -> Sigmas:
    """Make a schedule in which each step takes away the same share of the noise."""
    from safelight import diffusion

    return diffusion.schedule.polyexponential_between(steps, sigma_max, sigma_min)
