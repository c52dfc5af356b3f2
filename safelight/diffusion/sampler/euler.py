"""One evaluation a step, no memory: Euler's method, plain and with fresh noise."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, descents, intervals, towards


def sample_euler(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Euler's method on the probability-flow equation (Karras et al. 2022, arXiv:2206.00364, algorithm 1).

    In these variables it is also DDIM (Song et al. 2020, arXiv:2010.02502).
    """
    x = state.x
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = towards(x, x0, sigma, after)
        yield State(step + 1, x, x0=x0)


def sample_euler_ancestral(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Euler's step to below the next level, then fresh noise up to it (DDPM, arXiv:2006.11239)."""
    x = state.x
    downs, ups = (levels.tolist() for levels in descents(sigmas))
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = towards(x, x0, sigma, downs[step])
        if after:
            x = x + noise.draw(sigma, after) * ups[step]
        yield State(step + 1, x, noise=noise.position, x0=x0)
