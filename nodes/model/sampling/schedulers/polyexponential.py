"""PolyexponentialScheduler."""

from __future__ import annotations

from typing import Annotated

from nodes.types import RunLength, SigmaMax, SigmaMin
from safelight import Number, Sigmas, node

RHO = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    advanced=True,
    tip="1 takes away the same share in each step; more spends the steps at low noise.",
)


@node("PolyexponentialScheduler", category="model/sampling/schedulers", aliases=("sigmas",))
def polyexponential_schedule(
    *,
    steps: RunLength = 20,
    sigma_max: SigmaMax = 14.614642,
    sigma_min: SigmaMin = 0.0291675,
    rho: Annotated[float, RHO] = 1.0,
) -> Sigmas:
    """Make a schedule like the exponential one, bent towards low noise or towards high."""
    from safelight import diffusion

    return diffusion.schedule.polyexponential_between(steps, sigma_max, sigma_min, rho)
