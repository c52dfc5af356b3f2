"""DPM-Solver++: exact for the linear part of the equation (Lu et al. 2022, arXiv:2211.01095)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, intervals, log_sigma


def sample_dpmpp_2m(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """DPM-Solver++(2M): second order, by extrapolating from the prediction before (algorithm 2)."""
    x, before = state.x, state.history
    lengths = log_sigma(sigmas).diff().tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        aim = x0
        if before and after > 0.0:
            aim = x0 + (x0 - before[0]) * (lengths[step] / lengths[step - 1] / 2)
        x = exponential_step(x, aim, lengths[step])
        before = (x0,)
        yield State(step + 1, x, before, x0=x0)


def exponential_step(x: Tensor, x0: Tensor, length: float) -> Tensor:
    """A step of this length in log sigma (below zero), exact if the prediction x0 held all along."""
    return x * math.exp(length) - x0 * math.expm1(length)
