"""DPM-Solver++: exact for the linear part of the equation (Lu et al. 2022, arXiv:2211.01095).

Here a step's *length* is how far log sigma falls. The SDE variants add fresh noise and step further down to
make up for it: with eta 1 their equation is that of the reverse diffusion.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, descent, descents, falls, intervals, middles

ETA = 1.0
"""The share of fresh noise in the SDE variants."""


def sample_dpmpp_2s_ancestral(
    denoise: Denoise, state: State, sigmas: Tensor, noise: Noise
) -> Iterator[State]:
    """DPM-Solver++(2S, algorithm 1) to below the next level, then fresh noise up to it."""
    x = state.x
    downs, ups = descents(sigmas)
    halfway = middles(sigmas[:-1], downs).tolist()
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = _by_the_middle(denoise, x, x0, sigma, halfway[step], float(downs[step]))
        if after:
            x = x + noise.draw(sigma, after) * float(ups[step])
        yield State(step + 1, x, noise=noise.position, x0=x0)


def _by_the_middle(
    denoise: Denoise, x: Tensor, x0: Tensor, sigma: float, middle: float, after: float
) -> Tensor:
    """The whole step towards what is predicted half way; to zero there is no half way."""
    if after == 0.0:
        return x0
    aim = denoise(approach(x, x0, math.log(sigma / middle)), middle)
    return approach(x, aim, math.log(sigma / after))


def sample_dpmpp_sde(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """The stochastic DPM-Solver++(2S): the way to the middle and the whole step each have their noise."""
    x = state.x
    halfway = middles(sigmas[:-1], sigmas[1:])
    first, whole = _descents(sigmas[:-1], halfway), _descents(sigmas[:-1], sigmas[1:])
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = aim = denoise(x, sigma)
        if after:
            middle = float(halfway[step])
            half = _noisy_step(x, x0, sigma, middle, first[step], noise)
            aim = denoise(half, middle)
        x = _noisy_step(x, aim, sigma, after, whole[step], noise)
        yield State(step + 1, x, noise=noise.position, x0=x0)


def _descents(sigma: Tensor, after: Tensor) -> list[tuple[float, float]]:
    """For each pair of levels how far down to go and how much noise to add."""
    return list(zip(*(levels.tolist() for levels in descent(sigma, after, ETA)), strict=True))


def _noisy_step(
    x: Tensor, x0: Tensor, sigma: float, after: float, split: tuple[float, float], noise: Noise
) -> Tensor:
    """Towards x0 and below the level, then up to it with noise."""
    down, up = split
    if not after:
        return x0
    return approach(x, x0, math.log(sigma / down)) + noise.draw(sigma, after) * up


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


def sample_dpmpp_2m_sde(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """SDE-DPM-Solver++(2M): the stochastic equation, with the slope of the prediction at the middle."""
    x, before = state.x, state.history
    lengths = falls(sigmas)
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = aim = denoise(x, sigma)
        if before and after:
            aim = x0 + (x0 - before[0]) * (lengths[step] / lengths[step - 1] / 2)
        x = _noisy(approach(x, aim, lengths[step], ETA), sigma, after, lengths[step], noise)
        before = (x0,)
        yield State(step + 1, x, before, noise.position, x0)


def sample_dpmpp_2m_sde_heun(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """SDE-DPM-Solver++(2M) with the slope of the prediction integrated exactly instead of at the middle."""
    return _bent(denoise, state, sigmas, noise, 1)


def sample_dpmpp_3m_sde(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """SDE-DPM-Solver++(3M): slope and curvature from the two predictions before."""
    return _bent(denoise, state, sigmas, noise, 2)


def _bent(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise, memory: int) -> Iterator[State]:
    """Stochastic steps along the polynomial through the prediction and so many before it."""
    x, before = state.x, state.history
    lengths = falls(sigmas)
    for step, sigma, after in intervals(state, sigmas, noise):
        x0 = denoise(x, sigma)
        x = approach(x, x0, lengths[step], ETA)
        if before and after:
            x = x + _bend((x0, *before), lengths[max(0, step - 2) : step + 1])
        x = _noisy(x, sigma, after, lengths[step], noise)
        before = (x0, *before)[:memory]
        yield State(step + 1, x, before, noise.position, x0)


def _bend(predictions: tuple[Tensor, ...], lengths: list[float]) -> Tensor:
    """What the slope of the predictions (the latest first) adds to a step, and with three the curvature."""
    length = lengths[-1]
    whole = length * (1.0 + ETA)
    second = 1.0 + math.expm1(-whole) / whole
    ratio = lengths[-2] / length
    slope = (predictions[0] - predictions[1]) / ratio
    if len(predictions) < 3:
        return slope * second
    earlier = (predictions[1] - predictions[2]) / (lengths[-3] / length)
    curve = (slope - earlier) / (ratio + lengths[-3] / length)
    return (slope + curve * ratio) * second - curve * (second / whole - 0.5)


def _noisy(x: Tensor, sigma: float, after: float, length: float, noise: Noise) -> Tensor:
    """Add the noise that a stochastic step of this length ends with; the step to zero has none."""
    if not after:
        return x
    return x + noise.draw(sigma, after) * (after * math.sqrt(-math.expm1(-2.0 * length * ETA)))


def approach(x: Tensor, x0: Tensor, length: float, eta: float = 0.0) -> Tensor:
    """A step of this length towards x0, exact if the prediction held all along; an infinite one arrives.

    With eta the step also takes away what the noise to be added after it brings.
    """
    if length == math.inf:
        return x0
    whole = length * (1.0 + eta)
    return x * math.exp(-whole) - x0 * math.expm1(-whole)
