"""Two evaluations a step: the slope is corrected by the one found at the other end."""

from __future__ import annotations

from collections.abc import Iterator

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
