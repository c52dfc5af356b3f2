"""ExtendIntermediateSigmas."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from safelight import Choice, Number, Sigmas, node

STEPS = Number(min=1, max=100, tip="How many steps each of those steps becomes.")
START = Number(
    min=-1.0,
    max=20_000.0,
    step=0.01,
    tip="Only steps that begin at or below this level are divided; -1 is no limit.",
)
END = Number(
    min=0.0,
    max=20_000.0,
    step=0.01,
    tip="Only steps that begin at or above this level are divided.",
)
SPACING = Choice(tip="How the new levels lie: evenly, dense near the lower level, or near the higher one.")


@node("ExtendIntermediateSigmas", category="model/sampling/sigmas", aliases=("interpolate", "refine"))
def extend_sigmas(
    *,
    sigmas: Sigmas,
    steps: Annotated[int, STEPS] = 2,
    start_at_sigma: Annotated[float, START] = -1.0,
    end_at_sigma: Annotated[float, END] = 12.0,
    spacing: Annotated[Literal["linear", "cosine", "sine"], SPACING] = "linear",
) -> Sigmas:
    """Divide some steps of a schedule into several, to spend more time where it matters."""
    from safelight import diffusion

    start = math.inf if start_at_sigma < 0 else start_at_sigma
    return diffusion.level.refined(sigmas, steps, start, end_at_sigma, spacing)
