"""RenormCFG."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

TRUNC = Number(
    min=0.0, max=100.0, step=0.01, advanced=True, tip="The noise level (sigma) below which guidance begins."
)
BOUND = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    advanced=True,
    tip="How many times as strong as the positive prediction the guided one may be; 0 sets no bound.",
)


@node("RenormCFG", category="model/patch", aliases=("guidance", "lumina"))
def renormed_guidance(
    *, model: Model, cfg_trunc: Annotated[float, TRUNC] = 100.0, renorm_cfg: Annotated[float, BOUND] = 1.0
) -> Model:
    """Guide only once the noise has fallen, and never to a picture stronger than the prompt alone makes.

    So Lumina 2 is sampled (arXiv:2503.21758).
    """
    from safelight import diffusion

    return diffusion.overlay.guided(model, "renormed", trunc=cfg_trunc, bound=renorm_cfg)
