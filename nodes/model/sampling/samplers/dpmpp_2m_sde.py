"""SamplerDPMPP_2M_SDE."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import Eta, NoiseDevice, NoiseStrength
from safelight import Choice, Sampler, node

SOLVER_TYPE = Choice(
    tip="Whether the change of the prediction counts at the middle of a step or all along it."
)


@node("SamplerDPMPP_2M_SDE", category="model/sampling/samplers")
def dpmpp_2m_sde(
    *,
    solver_type: Annotated[Literal["midpoint", "heun"], SOLVER_TYPE] = "midpoint",
    eta: Eta = 1.0,
    s_noise: NoiseStrength = 1.0,
    noise_device: NoiseDevice = "gpu",
) -> Sampler:
    """DPM-Solver++(2M) on the stochastic equation: fine detail, one evaluation a step."""
    from safelight import diffusion

    name = "dpmpp_2m_sde" if noise_device == "cpu" else "dpmpp_2m_sde_gpu"
    return diffusion.ingredient.SamplerHandle.of(name, solver_type=solver_type, eta=eta, s_noise=s_noise)
