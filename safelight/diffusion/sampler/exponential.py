"""Exponential integrators other than DPM-Solver++: RES, and the extended reverse-time SDE."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, falls, intervals, towards

POINTS = 200
"""How many points ER-SDE sums its integrals over."""


def sample_res_multistep(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """RES, second order with the prediction before (Zhang et al. 2023, arXiv:2308.02157)."""
    x, before = state.x, state.history
    lengths = falls(sigmas)
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        if before and after:
            length, back = lengths[step], lengths[step - 1] / lengths[step]
            first = -math.expm1(-length) / length
            second = (1.0 - first) / length
            x = x * math.exp(-length) + (x0 * (first + second / back) - before[0] * (second / back)) * length
        else:
            x = towards(x, x0, sigma, after)
        before = (x0,)
        yield State(step + 1, x, before, x0=x0)


def sample_er_sde(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """ER-SDE-Solver-3: a reverse equation whose noise is chosen freely (Cui et al. 2023, arXiv:2309.06169).

    The history is the prediction before, then its slope over sigma.
    """
    x, before = state.x, state.history
    levels = sigmas.tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        slopes = ((x0 - before[0]) / (sigma - levels[step - 1]),) if before else ()
        if after:
            curve = ((slopes[0] - before[1]) * (2 / (sigma - levels[step - 2])),) if len(before) > 1 else ()
            x = _er_step(x, x0, (*slopes, *curve), sigma, after)
            kept = _er_scale(after) / _er_scale(sigma)
            x = x + noise.draw(sigma, after) * math.sqrt(max(0.0, after**2 - sigma**2 * kept**2))
        before = (x0, *slopes)
        x = x if after else x0
        yield State(step + 1, x, before, noise.position, x0)


def _er_step(x: Tensor, x0: Tensor, derivatives: tuple[Tensor, ...], sigma: float, after: float) -> Tensor:
    """The step without its noise: the prediction's Taylor terms, by integrals over the noise scale."""
    scale = _er_scale(after)
    kept = scale / _er_scale(sigma)
    x = x * kept + x0 * (1.0 - kept)
    points = after + torch.arange(POINTS, dtype=torch.float64) * ((sigma - after) / POINTS)
    for order, derivative in enumerate(derivatives, start=1):
        integrand = (points - sigma) ** (order - 1) / _er_scales(points)
        integral = float(integrand.sum()) * (sigma - after) / POINTS
        x = x + derivative * ((after - sigma) ** order / order + integral * scale)
    return x


def _er_scale(sigma: float) -> float:
    """The noise scale that the paper recommends: `sigma (exp(sigma^0.3) + 10)`."""
    return sigma * (math.exp(sigma**0.3) + 10.0)


def _er_scales(sigmas: Tensor) -> Tensor:
    return sigmas * ((sigmas**0.3).exp() + 10.0)
