"""SamplerLCM."""

from __future__ import annotations

from typing import Annotated

from safelight import Number, Sampler, node

S_NOISE = Number(min=0.0, max=64.0, step=0.01, tip="The strength of the fresh noise in the first step.")
S_NOISE_END = Number(min=0.0, max=64.0, step=0.01, tip="The strength of the fresh noise in the last step.")
CLIP = Number(
    min=0.0,
    max=10.0,
    step=0.01,
    tip="At how many of its standard deviations noise is cut off; 0 is not at all.",
)


@node("SamplerLCM", category="model/sampling/samplers", aliases=("consistency",))
def lcm(
    *,
    s_noise: Annotated[float, S_NOISE] = 1.0,
    s_noise_end: Annotated[float, S_NOISE_END] = 1.0,
    noise_clip_std: Annotated[float, CLIP] = 0.0,
) -> Sampler:
    """For models made to need few steps: believe each prediction, and noise it afresh (arXiv:2310.04378)."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of(
        "lcm_scaled", s_noise=s_noise, s_noise_end=s_noise_end, noise_clip_std=noise_clip_std
    )
