"""SamplerDPMPP_SDE."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Eta, NoiseDevice, NoiseStrength
from safelight import Number, Sampler, node

R = Number(min=0.0, max=100.0, step=0.01, advanced=True, tip="Where in a step the model is asked again.")


@node("SamplerDPMPP_SDE", category="model/sampling/samplers")
def dpmpp_sde(
    *,
    eta: Eta = 1.0,
    s_noise: NoiseStrength = 1.0,
    r: Annotated[float, R] = 0.5,
    noise_device: NoiseDevice = "gpu",
) -> Sampler:
    """DPM-Solver++(2S) on the stochastic equation: two evaluations a step, good with few steps."""
    from safelight import diffusion

    name = "dpmpp_sde" if noise_device == "cpu" else "dpmpp_sde_gpu"
    return diffusion.ingredient.SamplerHandle.of(name, eta=eta, s_noise=s_noise, r=r)
