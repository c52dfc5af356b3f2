"""Crop Latent."""

from __future__ import annotations

from typing import Annotated

from nodes.types import CellX, CellY
from safelight import Latent, Number, node

WIDTH = Number(min=64, max=16384, step=8, tip="Width in pixels.")
HEIGHT = Number(min=64, max=16384, step=8, tip="Height in pixels.")


@node("LatentCrop", category="model/latent/transform", title="Crop Latent", aliases=("cut",))
def crop(
    *,
    samples: Latent,
    width: Annotated[int, WIDTH] = 512,
    height: Annotated[int, HEIGHT] = 512,
    x: CellX = 0,
    y: CellY = 0,
) -> Latent:
    """Cut a part out of a latent image, given in pixels."""
    from safelight import diffusion

    return diffusion.splice.cropped(samples, x, y, width, height)
