"""Video Triangle CFG Guidance."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

LEAST = Number(
    min=0.0,
    max=100.0,
    step=0.5,
    round=0.01,
    advanced=True,
    tip="Guidance of the first and last picture; the middle has the sampler's.",
)


@node(
    "VideoTriangleCFGGuidance",
    category="model/sampling/guiders",
    title="Video Triangle CFG Guidance",
    aliases=("cfg ramp", "guidance per frame", "loop"),
)
def guide_there_and_back(*, model: Model, min_cfg: Annotated[float, LEAST] = 1.0) -> Model:
    """Let guidance rise to the middle of a batch and fall again: the first and last pictures have min_cfg.

    Made for films that end as they begin; with any model it works on the pictures of a batch. With min_cfg
    at the sampler's guidance nothing changes.
    """
    from safelight import diffusion

    return diffusion.overlay.guided(model, "ramp", least=min_cfg, returns=True)
