"""DPM-Solver++: exact for the linear part of the equation (Lu et al. 2022, arXiv:2211.01095).

Here a step's *length* is how far log sigma falls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.ratio import Ratios
from safelight.diffusion.sampler.state import Denoise, State, both, descents, falls, intervals, middles
from safelight.diffusion.sigma import ModelSampling


def sample_dpmpp_2s_ancestral(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    s_noise: float = 1.0,
) -> Iterator[State]:
    """DPM-Solver++(2S, algorithm 1) to below the next level, then fresh noise up to it."""
    x = state.x
    split = descents(sigmas, eta, flow=model.flow)
    halfway = _halfway(sigmas, split.down, model)
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = _by_the_middle(denoise, x, x0, sigma, halfway[step], split.down[step])
        if after and eta:
            x = x * split.shrink[step] + noise.draw(sigma, after) * (s_noise * split.up[step])
        yield State(step + 1, x, noise=noise.position, x0=x0)


ALMOST_ONE = 0.9999
"""Where the way down from a flow's pure noise is divided: its middle would be pure noise."""


def _halfway(sigmas: Tensor, downs: list[float], model: ModelSampling) -> list[float]:
    """The levels half way to the given ones, as ratios of picture to noise go."""
    lower = torch.tensor(downs, dtype=sigmas.dtype)
    if not model.flow:
        return middles(sigmas[:-1], lower).tolist()
    here, there = Ratios(sigmas[:-1], True), Ratios(lower, True)
    middle = here.level(here.logs + 0.5 * (there.logs - here.logs))
    return torch.where(sigmas[:-1] == 1.0, ALMOST_ONE, middle).tolist()


def _by_the_middle(
    denoise: Denoise, x: Tensor, x0: Tensor, sigma: float, middle: float, after: float
) -> Tensor:
    """The whole step towards what is predicted half way; to zero there is no half way."""
    if after == 0.0:
        return x0
    aim = denoise(approach(x, x0, math.log(sigma / middle)), middle)
    return approach(x, aim, math.log(sigma / after))


def sample_dpmpp_2s_ancestral_cfg_pp(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    eta: float = 1.0,
    s_noise: float = 1.0,
) -> Iterator[State]:
    """DPM-Solver++(2S) whose noise is what the negative prompt sees (CFG++, arXiv:2406.08070)."""
    x = state.x
    split = descents(sigmas, eta)
    halfway = middles(sigmas[:-1], torch.tensor(split.down, dtype=sigmas.dtype)).tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0, negative = both(denoise, x, sigma)
        down, middle = split.down[step], halfway[step]
        if down == 0.0:
            x = x0
        else:
            half = approach(x + (x0 - negative), x0, math.log(sigma / middle))
            aim, negative = both(denoise, half, middle)
            x = approach(x + (x0 - negative), aim, math.log(sigma / down))
        if after and eta:
            x = x + noise.draw(sigma, after) * (s_noise * split.up[step])
        yield State(step + 1, x, noise=noise.position, x0=x0)


def sample_dpmpp_2m(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """DPM-Solver++(2M): second order, by extrapolating from the prediction before (algorithm 2)."""
    x, before = state.x, state.history
    lengths = falls(sigmas)
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = aim = denoise(x, sigma)
        if before and after:
            aim = x0 + (x0 - before[0]) * (lengths[step] / lengths[step - 1] / 2)
        x = approach(x, aim, lengths[step])
        before = (x0,)
        yield State(step + 1, x, before, x0=x0)


def sample_dpmpp_2m_cfg_pp(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """DPM-Solver++(2M) whose noise is what the negative prompt sees (CFG++, arXiv:2406.08070).

    The history is the negative prediction before, from which to the guided one the extrapolation goes.
    """
    x, before = state.x, state.history
    lengths = falls(sigmas)
    for step, sigma, after in intervals(state, sigmas, noise):
        x0, negative = both(denoise, x, sigma)
        if after == 0.0:
            x = x0
        else:
            kept = math.exp(-lengths[step])
            x = x0 + (x - negative) * kept
            if before:
                bend = -math.expm1(-lengths[step]) * (lengths[step] / lengths[step - 1] / 2)
                x = x + (x0 - before[0]) * bend
        before = (negative,)
        yield State(step + 1, x, before, x0=x0)


def approach(x: Tensor, x0: Tensor, length: float) -> Tensor:
    """A step of this length towards x0, exact if the prediction held all along; an infinite one arrives."""
    if length == math.inf:
        return x0
    return x * math.exp(-length) - x0 * math.expm1(-length)
