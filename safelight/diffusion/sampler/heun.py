"""Several evaluations a step: the slope is corrected by those found further down."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, intervals, slope, towards


def sample_heun(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Heun's method, of second order (Karras et al. 2022, arXiv:2206.00364, algorithm 1).

    The last step, to zero, has no slope at its end and is Euler's.
    """
    x = state.x
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        guess = towards(x, x0, sigma, after)
        x = guess if after == 0.0 else _corrected(denoise, x, x0, guess, sigma, after)
        yield State(step + 1, x, x0=x0)


def _corrected(denoise: Denoise, x: Tensor, x0: Tensor, guess: Tensor, sigma: float, after: float) -> Tensor:
    """The step with the mean of the slopes at both ends."""
    ends = slope(x, x0, sigma) + slope(guess, denoise(guess, after), after)
    return x + ends * ((after - sigma) / 2)


def sample_heunpp2(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Heun++: the slopes here and at the next two levels, weighted by level (Wang et al., arXiv:2311.00157).

    Fewer where fewer levels are left: the last step is Euler's.
    """
    x, levels = state.x, sigmas.tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        at, slopes = x, [slope(x, x0, sigma)]
        ahead = [sigma, *(level for level in levels[step + 1 : step + 3] if level != levels[-1])]
        for here, there in pairwise(ahead):
            at = at + slopes[-1] * (there - here)
            slopes.append(slope(at, denoise(at, there), there))
        x = x + _weighted(slopes, ahead, levels[0]) * (after - sigma)
        x = x0 if after == 0.0 else x
        yield State(step + 1, x, x0=x0)


def _weighted(slopes: list[Tensor], levels: list[float], top: float) -> Tensor:
    """The mean of slopes, in which a later one counts by its level and the first takes what is left."""
    shares = [level / (len(slopes) * top) for level in levels[1:]]
    mean = slopes[0] * (1.0 - sum(shares))
    for one, share in zip(slopes[1:], shares, strict=True):
        mean = mean + one * share
    return mean
