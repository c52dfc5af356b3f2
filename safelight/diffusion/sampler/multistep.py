"""Linear multistep methods: one evaluation a step, and the slopes of earlier steps for a higher order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, intervals, slope

Number = TypeVar("Number", float, Tensor)

ADAMS_BASHFORTH = (
    (1.0,),
    (3 / 2, -1 / 2),
    (23 / 12, -16 / 12, 5 / 12),
    (55 / 24, -59 / 24, 37 / 24, -9 / 24),
)
"""Weights of the latest slopes, the newest first, for steps of equal length, by order."""

GAUSS = (0.5 - math.sqrt(1 / 12), 0.5 + math.sqrt(1 / 12))
"""Nodes in 0..1 whose mean value integrates a cubic exactly."""

POINTS = 10_000
"""How many points DEIS sums its integrals over: few enough for the number to be seen in the result."""

_SPAN, _LOW, _HIGH = 1e-3, math.log1p(0.002**2), math.log1p(80.0**2)
BETA_RANGE = 2 * (_HIGH - _LOW / _SPAN) / (1 - _SPAN)
BETA_MIN = _HIGH - BETA_RANGE / 2
"""The VP process of DEIS: sigma is 0.002 at time 0.001 and 80 at time 1."""


def sample_lms(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Adams-Bashforth of order four for uneven steps in sigma (k-diffusion's LMS, after arXiv:2206.00364)."""
    levels = sigmas.double().tolist()

    def weights(step: int, order: int) -> list[float]:
        nodes = levels[step + 1 - order : step + 1][::-1]
        length = levels[step + 1] - levels[step]
        points = [levels[step] + length * part for part in GAUSS]
        return [length * sum(_lagrange(nodes, k, point) for point in points) / 2 for k in range(order)]

    return _multistep(denoise, state, sigmas, noise, 4, weights)


def sample_ipndm(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Adams-Bashforth of order four as if steps were even: PNDM without its start (arXiv:2202.09778)."""
    levels = sigmas.tolist()

    def weights(step: int, order: int) -> list[float]:
        return [(levels[step + 1] - levels[step]) * weight for weight in ADAMS_BASHFORTH[order - 1]]

    return _multistep(denoise, state, sigmas, noise, 4, weights)


def sample_deis(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """DEIS, order three, tabulated in the time of the VP process (Zhang and Chen 2022, arXiv:2204.13902)."""
    times = _vp_time(sigmas.double())

    def weights(step: int, order: int) -> list[float]:
        if order == 1:
            return [float(sigmas[step + 1] - sigmas[step])]
        nodes = times[step + 1 - order : step + 1].flip(0).tolist()
        length = float(times[step + 1] - times[step])
        taus = torch.linspace(float(times[step]), float(times[step + 1]), POINTS, dtype=torch.float64)
        rate = _vp_rate(taus) * (length / POINTS)
        return [float((rate * _lagrange(nodes, k, taus)).sum()) for k in range(order)]

    return _multistep(denoise, state, sigmas, noise, 3, weights)


def _multistep(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    order: int,
    weights: Callable[[int, int], Sequence[float]],
) -> Iterator[State]:
    """Add the latest slopes, the newest first, each times its weight; `weights(step, how many)` gives these.

    The history is the slopes of the steps before. The step to zero is Euler's.
    """
    x, before = state.x, state.history
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        slopes = (slope(x, x0, sigma), *before)
        if after == 0.0:
            x = x0
        else:
            for weight, one in zip(weights(step, len(slopes)), slopes, strict=True):
                x = x + one * weight
        before = slopes[: order - 1]
        yield State(step + 1, x, before, x0=x0)


def _lagrange(nodes: Sequence[float], k: int, at: Number) -> Number:
    """The polynomial that is one at node k and zero at the others."""
    product = at * 0.0 + 1.0
    for other, node in enumerate(nodes):
        if other != k:
            product = product * (at - node) / (nodes[k] - node)
    return product


def _vp_time(sigmas: Tensor) -> Tensor:
    """The time at which a VP process with linear beta has these levels (arXiv:2206.00364, table 1)."""
    return ((BETA_MIN**2 + 2 * BETA_RANGE * (sigmas**2).log1p()).sqrt() - BETA_MIN) / BETA_RANGE


def _vp_rate(times: Tensor) -> Tensor:
    """How fast sigma grows with the time of the VP process."""
    alpha = (-(BETA_MIN * times + BETA_RANGE * times**2 / 2)).exp()
    return (BETA_MIN + BETA_RANGE * times) / (2 * (alpha * (1 - alpha)).sqrt())
