"""Gradient estimation: Euler's step with the slope carried beyond the one before."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, both, intervals, slope, towards

GAMMA = 2.0
"""How far the slope is carried: 1 would be Euler's method."""


def sample_gradient_estimation(
    denoise: Denoise, state: State, sigmas: Tensor, noise: Noise, *, cfg_pp: bool = False
) -> Iterator[State]:
    """Diffusion as the descent of a distance, with a better gradient (Permenter and Yuan, arXiv:2306.04848).

    With `cfg_pp` the slope is that of the negative prompt (CFG++, arXiv:2406.08070). The history is the slope
    of the step before.
    """
    x, before = state.x, state.history
    for step, sigma, after in intervals(state, sigmas, noise):
        x0, negative = both(denoise, x, sigma) if cfg_pp else (denoise(x, sigma),) * 2
        rise = slope(x, negative, sigma)
        if after == 0.0:
            x = x0
        else:
            x = x0 + rise * after if cfg_pp else towards(x, x0, sigma, after)
            if before:
                x = x + (rise - before[0]) * ((GAMMA - 1.0) * (after - sigma))
        before = (rise,)
        yield State(step + 1, x, before, x0=x0)


sample_gradient_estimation_cfg_pp = partial(sample_gradient_estimation, cfg_pp=True)
