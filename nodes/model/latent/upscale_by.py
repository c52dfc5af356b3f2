"""Upscale Latent By."""

from __future__ import annotations

from nodes.types import LatentMethod, ScaleBy
from safelight import Latent, node


@node("LatentUpscaleBy", category="model/latent", title="Upscale Latent By", aliases=("resize", "hires fix"))
def upscale_by(
    *, samples: Latent, upscale_method: LatentMethod = "nearest-exact", scale_by: ScaleBy = 1.5
) -> Latent:
    """Make a latent image larger or smaller by a factor. Denoise it once more to make it sharp."""
    from safelight import diffusion

    return diffusion.latent.upscale_by(samples, upscale_method, scale_by)
