"""RescaleCFG."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

MULTIPLIER = Number(
    min=0.0, max=1.0, step=0.01, tip="How far to go back to the contrast of the unguided picture; 0 is off."
)


@node("RescaleCFG", category="model/patch", aliases=("guidance rescale",))
def rescale_guidance(*, model: Model, multiplier: Annotated[float, MULTIPLIER] = 0.7) -> Model:
    """Take back the excess of contrast that strong guidance brings (Lin et al. 2023, arXiv:2305.08891)."""
    from safelight import diffusion

    return diffusion.overlay.guided(model, "rescale", multiplier=multiplier)
