"""Flip Latent."""

from __future__ import annotations

from nodes.types import FlipMethod
from safelight import Latent, node


@node("LatentFlip", category="model/latent/transform", title="Flip Latent", aliases=("mirror",))
def flip(*, samples: Latent, flip_method: FlipMethod = "x-axis: vertically") -> Latent:
    """Mirror a latent image; denoise it once more, since details do not turn with it."""
    from safelight import diffusion

    turned = diffusion.transform.flip(samples["samples"], flip_method, (-2, -1))
    return {**samples, "samples": turned}
