"""SamplerDPMPP_2S_Ancestral."""

from __future__ import annotations

from typing import Annotated

from safelight import Number, Sampler, node

ETA = Number(min=0.0, max=100.0, step=0.01, tip="How much fresh noise each step adds; 0 is none.")
S_NOISE = Number(min=0.0, max=100.0, step=0.01, tip="The strength of that fresh noise.")


@node("SamplerDPMPP_2S_Ancestral", category="model/sampling/samplers")
def dpmpp_2s_ancestral(
    *, eta: Annotated[float, ETA] = 1.0, s_noise: Annotated[float, S_NOISE] = 1.0
) -> Sampler:
    """DPM-Solver++(2S) with fresh noise in each step."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of("dpmpp_2s_ancestral", eta=eta, s_noise=s_noise)
