"""DPM-Solver-2: two evaluations a step, the second half way down in log sigma."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, descents, intervals, middles, slope, towards
from safelight.diffusion.sigma import ModelSampling


def sample_dpm_2(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """The midpoint rule in log sigma, of second order (Lu et al. 2022, arXiv:2206.00927)."""
    x = state.x
    halfway = middles(sigmas[:-1], sigmas[1:]).tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = _midpoint(denoise, x, x0, sigma, halfway[step], after)
        yield State(step + 1, x, x0=x0)


def sample_dpm_2_ancestral(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    s_noise: float = 1.0,
) -> Iterator[State]:
    """DPM-Solver-2 to below the next level, then fresh noise up to it."""
    x = state.x
    split = descents(sigmas, eta, flow=model.flow)
    halfway = middles(sigmas[:-1], torch.tensor(split.down, dtype=sigmas.dtype)).tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = _midpoint(denoise, x, x0, sigma, halfway[step], split.down[step])
        if after and eta:
            x = x * split.shrink[step] + noise.draw(sigma, after) * (s_noise * split.up[step])
        yield State(step + 1, x, noise=noise.position, x0=x0)


def _midpoint(denoise: Denoise, x: Tensor, x0: Tensor, sigma: float, middle: float, after: float) -> Tensor:
    """The step with the slope found half way; the one to zero has no half way and is Euler's."""
    if after == 0.0:
        return x0
    half = towards(x, x0, sigma, middle)
    return x + slope(half, denoise(half, middle), middle) * (after - sigma)
