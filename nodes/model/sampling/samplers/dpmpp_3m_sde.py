"""SamplerDPMPP_3M_SDE."""

from __future__ import annotations

from nodes.types import Eta, NoiseDevice, NoiseStrength
from safelight import Sampler, node


@node("SamplerDPMPP_3M_SDE", category="model/sampling/samplers")
def dpmpp_3m_sde(
    *, eta: Eta = 1.0, s_noise: NoiseStrength = 1.0, noise_device: NoiseDevice = "gpu"
) -> Sampler:
    """DPM-Solver++(3M) on the stochastic equation: for many steps."""
    from safelight import diffusion

    name = "dpmpp_3m_sde" if noise_device == "cpu" else "dpmpp_3m_sde_gpu"
    return diffusion.ingredient.SamplerHandle.of(name, eta=eta, s_noise=s_noise)
