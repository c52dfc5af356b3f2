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
