"""Epsilon Scaling."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

FACTOR = Number(
    min=0.5, max=1.5, step=0.001, advanced=True, tip="By what the predicted noise is divided; 1 is off."
)


@node("Epsilon Scaling", category="model/patch/unet", aliases=("exposure bias",))
def epsilon_scaling(*, model: Model, scaling_factor: Annotated[float, FACTOR] = 1.005) -> Model:
    """Believe a little less in the noise that a model sees (Ning et al. 2023, arXiv:2308.15321).

    A model is trained on true noise and sampled on its own; this makes up for the difference.
    """
    from safelight import diffusion

    return diffusion.overlay.guided(model, "noise scaled", factor=scaling_factor)
