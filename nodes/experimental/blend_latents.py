"""Latent Blend."""

from __future__ import annotations

from typing import Annotated

from safelight import Latent, Number, node

FACTOR = Number(min=0, max=1, step=0.01, tip="How much of the first; the rest is of the second.")


@node("LatentBlend", category="experimental", title="Latent Blend", aliases=("mix",))
def blend_latents(
    *, samples1: Latent, samples2: Latent, blend_factor: Annotated[float, FACTOR] = 0.5
) -> Latent:
    """Mix two latent images, number by number. The second is brought to the size of the first."""
    from safelight import diffusion

    return diffusion.arithmetic.blended(samples1, samples2, blend_factor)
