"""DPM-Solver-2: two evaluations a step, the second half way down in log sigma."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, descents, intervals, middles, slope, towards


def sample_dpm_2(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """The midpoint rule in log sigma, of second order (Lu et al. 2022, arXiv:2206.00927)."""
    x = state.x
    halfway = middles(sigmas[:-1], sigmas[1:]).tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = _midpoint(denoise, x, x0, sigma, halfway[step], after)
        yield State(step + 1, x, x0=x0)


def sample_dpm_2_ancestral(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """DPM-Solver-2 to below the next level, then fresh noise up to it."""
    x = state.x
    downs, ups = descents(sigmas)
    halfway = middles(sigmas[:-1], downs).tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = _midpoint(denoise, x, x0, sigma, halfway[step], float(downs[step]))
        if after:
            x = x + noise.draw(sigma, after) * float(ups[step])
        yield State(step + 1, x, noise=noise.position, x0=x0)


def _midpoint(denoise: Denoise, x: Tensor, x0: Tensor, sigma: float, middle: float, after: float) -> Tensor:
    """The step with the slope found half way; the one to zero has no half way and is Euler's."""
    if after == 0.0:
        return x0
    half = towards(x, x0, sigma, middle)
    return x + slope(half, denoise(half, middle), middle) * (after - sigma)
