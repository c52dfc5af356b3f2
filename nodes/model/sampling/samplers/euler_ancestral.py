"""SamplerEulerAncestral."""

from __future__ import annotations

from nodes.types import Eta, NoiseStrength
from safelight import Sampler, node


@node("SamplerEulerAncestral", category="model/sampling/samplers")
def euler_ancestral(*, eta: Eta = 1.0, s_noise: NoiseStrength = 1.0) -> Sampler:
    """Euler's method with fresh noise in each step: quick, and different with every number of steps."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of("euler_ancestral", eta=eta, s_noise=s_noise)
