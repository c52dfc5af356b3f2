"""EmptySD3LatentImage."""

from __future__ import annotations

from typing import Annotated

from safelight import Latent, Number, node

WIDTH = Number(min=16, max=16384, step=16, tip="Width in pixels.")
HEIGHT = Number(min=16, max=16384, step=16, tip="Height in pixels.")
BATCH = Number(min=1, max=4096, tip="How many pictures to make at once, each from noise of its own.")


@node(
    "EmptySD3LatentImage",
    category="model/latent/stable diffusion",
    title="Empty SD3 Latent Image",
    aliases=("size", "sd3"),
)
def empty_deep(
    *,
    width: Annotated[int, WIDTH] = 1024,
    height: Annotated[int, HEIGHT] = 1024,
    batch_size: Annotated[int, BATCH] = 1,
) -> Latent:
    """Start from nothing, in sixteen channels as SD 3 has them; it takes on the format of any model."""
    from safelight import diffusion

    return diffusion.latent.empty(width, height, batch_size, channels=16)
