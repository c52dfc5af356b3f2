"""Samplers that draw from a distribution given the prediction: DDPM's posterior, the forward process."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, descents, intervals
from safelight.diffusion.sigma import ModelSampling


def sample_ddpm(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """The posterior of the level below, given the prediction (Ho et al. 2020, arXiv:2006.11239, eq. 7)."""
    x = state.x
    ups = descents(sigmas).up
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        kept = after**2 / sigma**2
        x = x0 + (x - x0) * kept
        if after:
            x = x + noise.draw(sigma, after) * ups[step]
        yield State(step + 1, x, noise=noise.position, x0=x0)


def sample_lcm(
    denoise: Denoise, state: State, sigmas: Tensor, noise: Noise, *, model: ModelSampling
) -> Iterator[State]:
    """Believe the prediction and noise it afresh: for consistency models (LCM, arXiv:2310.04378)."""
    x = state.x
    for step, sigma, after in intervals(state, sigmas, noise):
        x = x0 = denoise(x, sigma)
        if after:
            x = model.noised(x0, noise.draw(sigma, after), after)
        yield State(step + 1, x, noise=noise.position, x0=x0)


def sample_lcm_scaled(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    s_noise: float = 1.0,
    s_noise_end: float = 1.0,
    noise_clip_std: float = 0.0,
) -> Iterator[State]:
    """`sample_lcm` with noise whose strength goes evenly from one number to another.

    It is cut off at so many of its standard deviations (0 for not).
    """
    x, steps = state.x, len(sigmas) - 1
    for step, sigma, after in intervals(state, sigmas, noise):
        x = x0 = denoise(x, sigma)
        if after:
            fresh = noise.draw(sigma, after)
            if noise_clip_std:
                bound = float(fresh.std()) * noise_clip_std
                fresh = fresh.clamp(-bound, bound)
            strength = s_noise + (s_noise_end - s_noise) * step / max(1, steps - 1)
            x = model.noised(x0, fresh * strength, after)
        yield State(step + 1, x, noise=noise.position, x0=x0)
