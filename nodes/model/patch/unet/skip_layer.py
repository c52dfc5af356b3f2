"""Skip Layer Guidance."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Moment
from safelight import Model, Number, node

SCALE = Number(min=0.0, max=10.0, step=0.1, round=0.01, tip="How strongly to guide by it; 0 is off.")


@node("SkipLayerGuidanceUNet", category="model/patch/unet", title="Skip Layer Guidance", aliases=("SLG",))
def skip_layer_guidance(
    *,
    model: Model,
    scale: Annotated[float, SCALE] = 3.0,
    start_percent: Moment = 0.01,
    end_percent: Moment = 0.15,
) -> Model:
    """Guide away from what the model sees without the transformer in its middle, during part of the way.

    Each step there takes one call of the model more.
    """
    from safelight import diffusion

    return diffusion.overlay.guided(
        model, "perturbed", amount=scale, perturbation="skip", start=start_percent, end=end_percent
    )
