"""One evaluation a step, no memory: Euler's method, plain, with fresh noise, and as CFG++ guides it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.ratio import Ratios
from safelight.diffusion.sampler.state import (
    Denoise,
    State,
    both,
    descent,
    descents,
    intervals,
    slope,
    towards,
)
from safelight.diffusion.sigma import ModelSampling


def sample_euler(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Euler's method on the probability-flow equation (Karras et al. 2022, arXiv:2206.00364, algorithm 1).

    In these variables it is also DDIM (Song et al. 2020, arXiv:2010.02502).
    """
    x = state.x
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = towards(x, x0, sigma, after)
        yield State(step + 1, x, x0=x0)


def sample_euler_ancestral(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    s_noise: float = 1.0,
) -> Iterator[State]:
    """Euler's step to below the next level, then fresh noise up to it (DDPM, arXiv:2006.11239)."""
    x = state.x
    split = descents(sigmas, eta, flow=model.flow)
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = towards(x, x0, sigma, split.down[step])
        if after and eta:
            x = x * split.shrink[step] + noise.draw(sigma, after) * (s_noise * split.up[step])
        yield State(step + 1, x, noise=noise.position, x0=x0)


def sample_euler_ancestral_cfg_pp(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    s_noise: float = 1.0,
) -> Iterator[State]:
    """Noise as the negative prompt sees it, added to the guided prediction (CFG++, arXiv:2406.08070)."""
    x = state.x
    shares = Ratios(sigmas, model.flow).shares
    downs, ups = descent(sigmas[:-1] / shares[:-1], sigmas[1:] / shares[1:], eta)
    down, up, share = (shares[1:] * downs).tolist(), (shares[1:] * ups).tolist(), shares.tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0, negative = both(denoise, x, sigma)
        if after == 0.0:
            x = x0
        else:
            x = x0 * share[step + 1] + slope(x, negative * share[step], sigma) * down[step]
            if eta:
                x = x + noise.draw(sigma, after) * (s_noise * up[step])
        yield State(step + 1, x, noise=noise.position, x0=x0)


def sample_euler_pp(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Euler's step along the negative prediction's line, moved to the guided prediction: an older CFG++."""
    x = state.x
    for step, sigma, after in intervals(state, sigmas, noise):
        x0, negative = both(denoise, x, sigma)
        x = x + slope(x - x0 + negative, x0, sigma) * (after - sigma)
        yield State(step + 1, x, x0=x0)


sample_euler_cfg_pp = partial(sample_euler_ancestral_cfg_pp, eta=0.0)
