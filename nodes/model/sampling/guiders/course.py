"""CFG Course."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

LAST = Number(min=0.0, max=100.0, step=0.1, round=0.01, tip="The guidance at the end of the denoising.")
BEND = Number(
    min=0.1, max=10.0, step=0.1, round=0.01, tip="1 changes evenly, more changes late, less changes early."
)


@node("CFGCourse", category="model/sampling/guiders", title="CFG Course", aliases=("cfg schedule", "dynamic"))
def cfg_course(
    *, model: Model, last_cfg: Annotated[float, LAST] = 1.0, bend: Annotated[float, BEND] = 1.0
) -> Model:
    """Let guidance change along the way, from what the sampler says to another value.

    Strong guidance early and weak guidance late keeps the composition and spares the colours. With the same
    value at both ends nothing changes.
    """
    from safelight import diffusion

    return diffusion.overlay.guided(model, "course", last=last_cfg, bend=bend)
