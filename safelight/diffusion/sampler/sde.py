"""SDE-DPM-Solver++: the reverse diffusion's own equation, exact for its linear part (arXiv:2211.01095).

Fresh noise is added in each step, and the step goes further down to make up for it: with eta 1 as much as the
reverse diffusion has, with eta 0 none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal

from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.ratio import Ratios, share
from safelight.diffusion.sampler.state import Denoise, State, descent, intervals
from safelight.diffusion.sigma import ModelSampling

Bend = Literal["midpoint", "heun"]
"""How the slope of the prediction counts in a step: taken at its middle, or integrated exactly."""

Stride = tuple[float, float, float]
"""What is kept of x in a step, what is taken of the prediction, and how much unit noise is added."""


def sample_dpmpp_sde(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    s_noise: float = 1.0,
    r: float = 0.5,
) -> Iterator[State]:
    """The stochastic DPM-Solver++(2S): the way to the middle and the whole step each have their noise.

    The middle is at `r` of a step's length.
    """
    x, ratios = state.x, Ratios.of(sigmas, model)
    logs, halfway = ratios.between(r)
    first = _split(ratios, logs, share(halfway, logs), eta)
    whole = _split(ratios, ratios.logs[1:], ratios.shares[1:], eta)
    middles, mix = halfway.tolist(), 1.0 / (2.0 * r)
    for step, sigma, after in intervals(state, ratios.sigmas, noise):
        x0 = denoise(x, sigma)
        if after == 0.0:
            x = x0
        else:
            half = _noisy_step(x, x0, first[step], noise, (sigma, middles[step]), eta, s_noise)
            aim = x0 * (1.0 - mix) + denoise(half, middles[step]) * mix
            x = _noisy_step(x, aim, whole[step], noise, (sigma, after), eta, s_noise)
        yield State(step + 1, x, noise=noise.position, x0=x0)


def _split(ratios: Ratios, logs: Tensor, shares: Tensor, eta: float) -> list[Stride]:
    """Strides from each level to one of the given log ratios, as an ancestral sampler splits them."""
    here = ratios.logs[:-1]
    down, up = descent(here.neg().exp(), logs.neg().exp(), eta)
    length = down.log().neg() - here
    kept = shares / ratios.shares[:-1] * length.neg().exp()
    taken = -shares * length.neg().expm1()
    return list(zip(kept.tolist(), taken.tolist(), (shares * up).tolist(), strict=True))


def _noisy_step(
    x: Tensor,
    x0: Tensor,
    stride: Stride,
    noise: Noise,
    levels: tuple[float, float],
    eta: float,
    s_noise: float,
) -> Tensor:
    kept, taken, up = stride
    x = x * kept + x0 * taken
    return x + noise.draw(*levels) * (up * s_noise) if eta and s_noise else x


def sample_dpmpp_2m_sde(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    s_noise: float = 1.0,
    solver_type: Bend = "midpoint",
) -> Iterator[State]:
    """SDE-DPM-Solver++(2M): with the slope that the prediction has had since the step before."""
    ratios = Ratios.of(sigmas, model)
    whole = ratios.lengths * (eta + 1.0)
    taken = ratios.shares[1:] * whole.neg().expm1().neg()
    exact = ratios.shares[1:] * (whole.neg().expm1().neg() / whole.neg() + 1.0)
    bends = (taken / 2 if solver_type == "midpoint" else exact).tolist()
    lengths = ratios.lengths.tolist()

    def bend(step: int, predictions: tuple[Tensor, ...]) -> Tensor:
        ratio = lengths[step] / lengths[step - 1]
        return (predictions[0] - predictions[1]) * (bends[step] * ratio)

    return _bent(denoise, state, ratios, noise, eta, s_noise, 1, bend)


def sample_dpmpp_3m_sde(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    s_noise: float = 1.0,
) -> Iterator[State]:
    """SDE-DPM-Solver++(3M): slope and curvature from the two predictions before."""
    ratios = Ratios.of(sigmas, model)
    whole = ratios.lengths * (eta + 1.0)
    second = whole.neg().expm1() / whole + 1.0
    third = second / whole - 0.5
    slopes, curves = (ratios.shares[1:] * second).tolist(), (ratios.shares[1:] * third).tolist()
    lengths = ratios.lengths.tolist()

    def bend(step: int, predictions: tuple[Tensor, ...]) -> Tensor:
        near = lengths[step - 1] / lengths[step]
        slope = (predictions[0] - predictions[1]) / near
        if len(predictions) < 3:
            return slope * slopes[step]
        far = lengths[step - 2] / lengths[step]
        curve = (slope - (predictions[1] - predictions[2]) / far) / (near + far)
        return (slope + curve * near) * slopes[step] - curve * curves[step]

    return _bent(denoise, state, ratios, noise, eta, s_noise, 2, bend)


def _bent(
    denoise: Denoise,
    state: State,
    ratios: Ratios,
    noise: Noise,
    eta: float,
    s_noise: float,
    memory: int,
    bend: Callable[[int, tuple[Tensor, ...]], Tensor],
) -> Iterator[State]:
    """Stochastic steps, each bent by what the prediction and so many before it tell of its course."""
    x, before = state.x, state.history
    strides = _strides(ratios, eta)
    for step, sigma, after in intervals(state, ratios.sigmas, noise):
        x0 = denoise(x, sigma)
        if after == 0.0:
            x = x0
        else:
            kept, taken, up = strides[step]
            x = x * kept + x0 * taken
            if before:
                x = x + bend(step, (x0, *before))
            if eta and s_noise:
                x = x + noise.draw(sigma, after) * (up * s_noise)
        before = (x0, *before)[:memory]
        yield State(step + 1, x, before, noise.position, x0)


def _strides(ratios: Ratios, eta: float) -> list[Stride]:
    """Strides from each level to the next, exact if the prediction held all along."""
    length = ratios.lengths
    kept = ratios.sigmas[1:] / ratios.sigmas[:-1] * (-length * eta).exp()
    taken = ratios.shares[1:] * (-length * (eta + 1.0)).expm1().neg()
    up = ratios.sigmas[1:] * (-2.0 * length * eta).expm1().neg().sqrt()
    return list(zip(kept.tolist(), taken.tolist(), up.tolist(), strict=True))


sample_dpmpp_2m_sde_heun = partial(sample_dpmpp_2m_sde, solver_type="heun")
