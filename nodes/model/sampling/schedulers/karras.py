"""KarrasScheduler."""

from __future__ import annotations

from typing import Annotated

from nodes.types import RunLength, SigmaMax, SigmaMin
from safelight import Number, Sigmas, node

RHO = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    advanced=True,
    tip="How strongly the steps crowd at low noise: 1 is even, 7 is what the paper recommends.",
)


@node("KarrasScheduler", category="model/sampling/schedulers", aliases=("sigmas", "edm"))
def karras_schedule(
    *,
    steps: RunLength = 20,
    sigma_max: SigmaMax = 14.614642,
    sigma_min: SigmaMin = 0.0291675,
    rho: Annotated[float, RHO] = 7.0,
) -> Sigmas:
    """Make a schedule that spends many steps on little noise, where details are decided (Karras et al.)."""
    from safelight import diffusion

    return diffusion.schedule.karras_between(steps, sigma_max, sigma_min, rho)
