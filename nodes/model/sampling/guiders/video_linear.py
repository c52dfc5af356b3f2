"""Video Linear CFG Guidance."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

LEAST = Number(
    min=0.0,
    max=100.0,
    step=0.5,
    round=0.01,
    advanced=True,
    tip="Guidance of the first picture; the last has the sampler's.",
)


@node(
    "VideoLinearCFGGuidance",
    category="model/sampling/guiders",
    title="Video Linear CFG Guidance",
    aliases=("cfg ramp", "guidance per frame"),
)
def guide_upwards(*, model: Model, min_cfg: Annotated[float, LEAST] = 1.0) -> Model:
    """Let guidance rise over the pictures of a batch: the first has min_cfg, the last the sampler's.

    Made for films, whose first frame is given (arXiv:2311.15127); with any model it shows in one batch what
    guidance does. With min_cfg at the sampler's guidance nothing changes.
    """
    from safelight import diffusion

    return diffusion.overlay.guided(model, "ramp", least=min_cfg, returns=False)
