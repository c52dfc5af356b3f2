"""RandomNoise."""

from __future__ import annotations

from nodes.types import SeedInt
from safelight import Noise, node


@node("RandomNoise", category="model/sampling/noise", aliases=("seed",))
def random_noise(*, noise_seed: SeedInt = 0) -> Noise:
    """Choose the noise that a picture starts from, by its seed."""
    from safelight import diffusion

    return diffusion.ingredient.NoiseHandle(noise_seed)
