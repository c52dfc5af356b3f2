"""SamplerEulerAncestralCFGPP."""

from __future__ import annotations

from typing import Annotated

from safelight import Number, Sampler, node

ETA = Number(min=0.0, max=1.0, step=0.01, tip="How much fresh noise each step adds; 0 is none.")
S_NOISE = Number(min=0.0, max=10.0, step=0.01, tip="The strength of that fresh noise.")


@node(
    "SamplerEulerAncestralCFGPP",
    category="model/sampling/samplers",
    title="SamplerEulerAncestralCFG++",
    aliases=("cfg++",),
)
def euler_ancestral_cfg_pp(
    *, eta: Annotated[float, ETA] = 1.0, s_noise: Annotated[float, S_NOISE] = 1.0
) -> Sampler:
    """Euler's method with fresh noise, whose noise the negative prompt tells: use a guidance of about 1."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of("euler_ancestral_cfg_pp", eta=eta, s_noise=s_noise)
