"""CFG Override."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Moment
from safelight import Model, Number, node

CFG = Number(
    min=0.0, max=100.0, step=0.1, round=0.01, tip="The guidance in that range; 1 ignores the negative prompt."
)


@node("CFGOverride", category="model/sampling/guiders", title="CFG Override", aliases=("guidance interval",))
def override_cfg(
    *,
    model: Model,
    cfg: Annotated[float, CFG] = 1.0,
    start_percent: Moment = 0.0,
    end_percent: Moment = 1.0,
) -> Model:
    """Use another guidance during part of the denoising, whatever the sampler says.

    With a guidance of 1 those steps take half the time. Guidance in the middle of the way only often looks
    better (Kynkäänniemi et al. 2024, arXiv:2404.07724).
    """
    from safelight import diffusion

    return diffusion.overlay.guided(model, "override", cfg=cfg, start=start_percent, end=end_percent)
