"""VPScheduler."""

from __future__ import annotations

from typing import Annotated

from nodes.types import RunLength
from safelight import Number, Sigmas, node

BETA_D = Number(
    min=0.0,
    max=5000.0,
    step=0.01,
    advanced=True,
    tip="How fast noise was added faster and faster in training.",
)
BETA_MIN = Number(min=0.0, max=5000.0, step=0.01, advanced=True, tip="How fast noise was added at first.")
EPS_S = Number(
    min=0.0,
    max=1.0,
    step=0.0001,
    advanced=True,
    tip="The time at which the last step before zero ends.",
)


@node("VPScheduler", category="model/sampling/schedulers", aliases=("sigmas", "variance preserving"))
def variance_preserving_schedule(
    *,
    steps: RunLength = 20,
    beta_d: Annotated[float, BETA_D] = 19.9,
    beta_min: Annotated[float, BETA_MIN] = 0.1,
    eps_s: Annotated[float, EPS_S] = 0.001,
) -> Sigmas:
    """Make a schedule that is even in the time of a variance-preserving process (Song et al.)."""
    from safelight import diffusion

    return diffusion.schedule.variance_preserving(steps, beta_d, beta_min, eps_s)
