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

PRECISION = 1e-4
"""The relative error that the quadrature of LMS is content with."""

POINTS = 10_000
"""How many points DEIS sums its integrals over: few enough for the number to be seen in the result."""

_SPAN, _LOW, _HIGH = 1e-3, math.log1p(0.002**2), math.log1p(80.0**2)
BETA_RANGE = 2 * (_HIGH - _LOW / _SPAN) / (1 - _SPAN)
BETA_MIN = _HIGH - BETA_RANGE / 2
"""The VP process of DEIS: sigma is 0.002 at time 0.001 and 80 at time 1."""


def sample_lms(
    denoise: Denoise, state: State, sigmas: Tensor, noise: Noise, *, order: int = 4
) -> Iterator[State]:
    """Adams-Bashforth for uneven steps in sigma: k-diffusion's LMS (after arXiv:2206.00364)."""
    levels = sigmas.cpu().numpy()

    def weights(step: int, order: int) -> list[float]:
        nodes = levels[step + 1 - order : step + 1][::-1]
        return [_integral(nodes, k, levels[step], levels[step + 1]) for k in range(order)]

    return _multistep(denoise, state, sigmas, noise, order, weights)


def _integral(nodes: Sequence[float], k: int, start: float, end: float) -> float:
    """The area under a Lagrange polynomial, by the reference's quadrature in the schedule's own type.

    Where levels lie close together the rounding of the polynomial shows in the result.
    """
    from scipy.integrate import quad

    return quad(lambda sigma: _lagrange(nodes, k, sigma), start, end, epsrel=PRECISION)[0]


def sample_ipndm(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Adams-Bashforth of order four as if steps were even: PNDM without its start (arXiv:2202.09778)."""
    levels = sigmas.tolist()

    def weights(step: int, order: int) -> list[float]:
        return [(levels[step + 1] - levels[step]) * weight for weight in ADAMS_BASHFORTH[order - 1]]

    return _multistep(denoise, state, sigmas, noise, 4, weights)


def sample_ipndm_v(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """Adams-Bashforth for uneven steps, as its authors' program has it (arXiv:2202.09778, arXiv:2312.00094).

    From the third order on its weights are exact for even steps only.
    """
    gaps = sigmas.diff().tolist()

    def weights(step: int, order: int) -> list[float]:
        lengths = gaps[step + 1 - order : step + 1][::-1]
        return [lengths[0] * weight for weight in _uneven(lengths)]

    return _multistep(denoise, state, sigmas, noise, 4, weights)


def _uneven(lengths: Sequence[float]) -> list[float]:
    """Weights of as many slopes as there are steps, the newest first."""
    if len(lengths) == 1:
        return [1.0]
    h, h1, *earlier = lengths
    weights = [1.0 + h / h1 / 2, -h / h1 / 2]
    if not earlier:
        return weights
    h2 = earlier[0]
    third = (1.0 - h / (3 * (h + h1)) * (h * (h + h1)) / (h1 * (h1 + h2))) / 2
    weights = [weights[0] + third, weights[1] - (1.0 + h1 / h2) * third, third * h1 / h2]
    if len(earlier) == 1:
        return weights
    h3 = earlier[1]
    ratio = h1 * (h1 + h2) / (h2 * (h2 + h3))
    fourth = (1.0 - h / (3 * (h + h1))) / 2 + (1.0 - h / (2 * (h + h1))) * h / (6 * (h + h1 + h2))
    fourth *= h * (h + h1) * (h + h1 + h2) / (h1 * (h1 + h2) * (h1 + h2 + h3))
    return [
        weights[0] + fourth,
        weights[1] - (1.0 + h1 / h2 + ratio) * fourth,
        weights[2] + (h1 / h2 + ratio * (1.0 + h2 / h3)) * fourth,
        -fourth * ratio * h1 / h2,
    ]


def sample_deis(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """DEIS, order three, tabulated in the time of the VP process (Zhang and Chen 2022, arXiv:2204.13902)."""
    times = _vp_time(sigmas)

    def weights(step: int, order: int) -> list[float]:
        if order == 1:
            return [float(sigmas[step + 1] - sigmas[step])]
        nodes = times[step + 1 - order : step + 1].flip(0)
        start, end = times[step], times[step + 1]
        taus = torch.linspace(float(start), float(end), POINTS, dtype=times.dtype)
        rate = _vp_rate(taus)
        return [
            float((end - start) / POINTS * (rate * _lagrange(nodes, k, taus)).sum()) for k in range(order)
        ]

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
            product = product * ((at - node) / (nodes[k] - node))
    return product


def _vp_time(sigmas: Tensor) -> Tensor:
    """The time at which a VP process with linear beta has these levels (arXiv:2206.00364, table 1)."""
    return ((BETA_MIN**2 + 2 * BETA_RANGE * (sigmas**2).log1p()).sqrt() - BETA_MIN) / BETA_RANGE


def _vp_rate(times: Tensor) -> Tensor:
    """How fast sigma grows with the time of the VP process."""
    alpha = (-(BETA_MIN * times + BETA_RANGE * times**2 / 2)).exp()
    return (BETA_MIN + BETA_RANGE * times) / (2 * (alpha * (1 - alpha)).sqrt())
