"""LaplaceScheduler."""

from __future__ import annotations

from typing import Annotated

from nodes.types import RunLength, SigmaMax, SigmaMin
from safelight import Number, Sigmas, node

MU = Number(
    min=-10.0,
    max=10.0,
    step=0.1,
    advanced=True,
    tip="The logarithm of the level around which the steps crowd.",
)
BETA = Number(min=0.0, max=10.0, step=0.1, advanced=True, tip="How widely they are spread around it.")


@node("LaplaceScheduler", category="model/sampling/schedulers", aliases=("sigmas",))
def laplace_schedule(
    *,
    steps: RunLength = 20,
    sigma_max: SigmaMax = 14.614642,
    sigma_min: SigmaMin = 0.0291675,
    mu: Annotated[float, MU] = 0.0,
    beta: Annotated[float, BETA] = 0.5,
) -> Sigmas:
    """Make a schedule that crowds around one noise level. It does not end in zero."""
    from safelight import diffusion

    return diffusion.schedule.laplace(steps, sigma_max, sigma_min, mu, beta)
