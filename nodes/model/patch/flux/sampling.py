"""ModelSamplingFlux."""

from __future__ import annotations

from typing import Annotated

from nodes.types import PixelHeight, PixelWidth
from safelight import Model, Number, node

LARGEST = Number(
    min=0.0, max=100.0, step=0.01, advanced=True, tip="The shift of a picture of 1024 x 1024 pixels."
)
SMALLEST = Number(
    min=0.0, max=100.0, step=0.01, advanced=True, tip="The shift of a picture of 256 x 256 pixels."
)


@node("ModelSamplingFlux", category="model/patch/flux", aliases=("flow", "shift"))
def set_flux_sampling(
    *,
    model: Model,
    max_shift: Annotated[float, LARGEST] = 1.15,
    base_shift: Annotated[float, SMALLEST] = 0.5,
    width: PixelWidth = 1024,
    height: PixelHeight = 1024,
) -> Model:
    """Shift the schedule of a Flux model to fit the size of the picture."""
    from safelight import diffusion

    shift = diffusion.flow.shift_for(width, height, base_shift, max_shift)
    return diffusion.overlay.resampled(
        model, "flow", shift=shift, curve="exponential", multiplier=1.0, count=10_000
    )
