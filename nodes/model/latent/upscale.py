"""Upscale Latent."""

from __future__ import annotations

from nodes.types import Crop, LatentHeight, LatentMethod, LatentWidth
from safelight import Latent, node


@node("LatentUpscale", category="model/latent", title="Upscale Latent", aliases=("resize", "hires fix"))
def upscale(
    *,
    samples: Latent,
    upscale_method: LatentMethod = "nearest-exact",
    width: LatentWidth = 512,
    height: LatentHeight = 512,
    crop: Crop = "disabled",
) -> Latent:
    """Bring a latent image to a size given in pixels. Denoise it once more to make it sharp."""
    from safelight import diffusion

    return diffusion.latent.upscale(samples, upscale_method, width, height, crop)
