"""Empty Latent Image."""

from __future__ import annotations

from typing import Annotated

from nodes.types import PixelHeight, PixelWidth
from safelight import Latent, Number, node

BATCH = Number(min=1, max=4096, tip="How many pictures to make at once, each from noise of its own.")


@node("EmptyLatentImage", category="model/latent", title="Empty Latent Image", aliases=("size",))
def empty_latent(
    *, width: PixelWidth = 512, height: PixelHeight = 512, batch_size: Annotated[int, BATCH] = 1
) -> Latent:
    """Start from nothing: a blank latent image, which takes on the format of the model that samples it."""
    from safelight import diffusion

    return diffusion.latent.empty(width, height, batch_size)
