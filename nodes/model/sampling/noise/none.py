"""DisableNoise."""

from __future__ import annotations

from safelight import Noise, node


@node("DisableNoise", category="model/sampling/noise")
def no_noise() -> Noise:
    """Start from a latent as it is, for one that brings its noise from a sampler before."""
    from safelight import diffusion

    return diffusion.ingredient.NoiseHandle(0, none=True)
