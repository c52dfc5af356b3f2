"""TSR - Temporal Score Rescaling."""

from __future__ import annotations

from typing import Annotated

from nodes.advanced.guidance.zero_star import Patched
from safelight import Model, Number, node

K = Number(
    min=0.01,
    max=100.0,
    step=0.001,
    advanced=True,
    tip="Below 1 gives more details, above 1 smoother pictures.",
)
SIGMA = Number(min=0.01, max=100.0, step=0.001, advanced=True, tip="How early it acts: larger is earlier.")


@node(
    "TemporalScoreRescaling",
    category="model/patch/unet",
    title="TSR - Temporal Score Rescaling",
    aliases=("TSR",),
)
def score_rescaling(
    *, model: Model, tsr_k: Annotated[float, K] = 0.95, tsr_sigma: Annotated[float, SIGMA] = 1.0
) -> Patched:
    """Steer between variety and evenness: rescale how far each step believes the model (arXiv:2510.01184)."""
    from safelight import diffusion

    return Patched(diffusion.overlay.guided(model, "rescored", k=tsr_k, sigma=tsr_sigma))
