"""Rotate Latent."""

from __future__ import annotations

from nodes.types import Rotation
from safelight import Latent, node


@node("LatentRotate", category="model/latent/transform", title="Rotate Latent", aliases=("turn",))
def rotate(*, samples: Latent, rotation: Rotation = "none") -> Latent:
    """Turn a latent image clockwise by quarters; denoise it once more, since details do not turn with it."""
    from safelight import diffusion

    turned = diffusion.transform.rotate(samples["samples"], rotation, (-2, -1))
    return {**samples, "samples": turned}
