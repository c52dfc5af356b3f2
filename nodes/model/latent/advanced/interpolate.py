"""Latent Interpolate."""

from __future__ import annotations

from typing import Annotated

from safelight import Latent, Number, node

RATIO = Number(min=0.0, max=1.0, step=0.01, tip="How much of the first; the rest is of the second.")


@node(
    "LatentInterpolate",
    category="model/latent/advanced",
    title="Latent Interpolate",
    aliases=("mix", "slerp"),
)
def interpolate(*, samples1: Latent, samples2: Latent, ratio: Annotated[float, RATIO] = 1.0) -> Latent:
    """Mix two latent images so that the mixture is as strong as they are. The second is brought to size."""
    from safelight import diffusion

    return diffusion.arithmetic.interpolated(samples1, samples2, ratio)
