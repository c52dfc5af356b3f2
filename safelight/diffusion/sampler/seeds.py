"""SEEDS: exponential solvers of the reverse diffusion with two or three evaluations a step.

Gonzalez et al. 2023, arXiv:2305.14267. The noise of a step is drawn piece by piece, between the levels at
which the model is asked, so that each question has the noise of its own level.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.ratio import Ratios, share
from safelight.diffusion.sampler.state import Denoise, State, intervals
from safelight.diffusion.sigma import ModelSampling

Weights = Literal["phi_1", "phi_2"]
"""How the two predictions of SEEDS-2 are weighted: by their mean course, or exactly for a straight one."""


class _Stage(NamedTuple):
    """The way from a step's beginning to one of its stages; lists with a number for each step."""

    level: list[float]
    kept: list[float]
    taken: list[list[float]]
    """For each step how much of each prediction so far is taken."""
    fade: list[float]
    """What is left here of the noise drawn for the stage before."""
    fresh: list[float]
    """And how much is drawn anew; both in units of the level."""


def sample_seeds_2(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    s_noise: float = 1.0,
    r: float = 0.5,
    solver_type: Weights = "phi_1",
) -> Iterator[State]:
    """SEEDS-2, its second evaluation at `r` of a step's length.

    With r 1, straight weights and no noise it is the exponential Heun method of second order.
    """
    ratios = Ratios.of(sigmas, model)
    whole = ratios.lengths * (eta + 1.0)
    second = -_first(whole) / (2.0 * r) if solver_type == "phi_1" else -_second(whole) / r
    stages = [
        _stage(ratios, eta, 0.0, r, (-_first(r * whole),)),
        _last(ratios, eta, r, (-_first(whole) - second, second)),
    ]
    return _staged(denoise, state, ratios, noise, stages, s_noise if eta else 0.0)


def sample_seeds_3(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    s_noise: float = 1.0,
    r_1: float = 1 / 3,
    r_2: float = 2 / 3,
) -> Iterator[State]:
    """SEEDS-3, with evaluations at `r_1` and `r_2` of a step's length."""
    ratios = Ratios.of(sigmas, model)
    whole = ratios.lengths * (eta + 1.0)
    middle, last = -_second(r_2 * whole) * (r_2 / r_1), -_second(whole) / r_2
    stages = [
        _stage(ratios, eta, 0.0, r_1, (-_first(r_1 * whole),)),
        _stage(ratios, eta, r_1, r_2, (-_first(r_2 * whole) - middle, middle)),
        _last(ratios, eta, r_2, (-_first(whole) - last, torch.zeros_like(last), last)),
    ]
    return _staged(denoise, state, ratios, noise, stages, s_noise if eta else 0.0)


def _first(length: Tensor) -> Tensor:
    """The integral of a constant prediction over a step of this length, negative."""
    return length.neg().expm1()


def _second(length: Tensor) -> Tensor:
    """That of one which grows from zero to one along the step."""
    return (length.neg().expm1() + length) / length.neg()


def _last(ratios: Ratios, eta: float, before: float, taken: tuple[Tensor, ...]) -> _Stage:
    """The coefficients of the stage that arrives."""
    return _coefficients(ratios, eta, before, 1.0, ratios.sigmas[1:], ratios.shares[1:], taken)


def _stage(ratios: Ratios, eta: float, before: float, part: float, taken: tuple[Tensor, ...]) -> _Stage:
    """The coefficients of a stage at this part of each step; `before` is that of the stage before."""
    logs, level = ratios.between(part)
    return _coefficients(ratios, eta, before, part, level, share(level, logs), taken)


def _coefficients(
    ratios: Ratios,
    eta: float,
    before: float,
    part: float,
    level: Tensor,
    shares: Tensor,
    taken: tuple[Tensor, ...],
) -> _Stage:
    length = ratios.lengths
    kept = level / ratios.sigmas[:-1] * (-part * length * eta).exp()
    piece = (before - part) * length * eta
    return _Stage(
        level.tolist(),
        kept.tolist(),
        torch.stack([shares * one for one in taken], dim=1).tolist(),
        piece.exp().tolist(),
        piece.mul(2).expm1().neg().sqrt().tolist(),
    )


def _staged(
    denoise: Denoise, state: State, ratios: Ratios, noise: Noise, stages: list[_Stage], s_noise: float
) -> Iterator[State]:
    """Steps of several stages, at each of which but the last the model is asked again."""
    x = state.x
    for step, sigma, after in intervals(state, ratios.sigmas, noise):
        x0 = denoise(x, sigma)
        if after == 0.0:
            yield State(step + 1, x0, noise=noise.position, x0=x0)
            return
        x = _step(denoise, x, x0, step, sigma, noise, stages, s_noise)
        yield State(step + 1, x, noise=noise.position, x0=x0)


def _step(
    denoise: Denoise,
    x: Tensor,
    x0: Tensor,
    step: int,
    sigma: float,
    noise: Noise,
    stages: list[_Stage],
    s_noise: float,
) -> Tensor:
    predictions, drawn, here = [x0], torch.zeros(()), x
    for place, stage in enumerate(stages):
        level = stage.level[step]
        here = x * stage.kept[step]
        for weight, prediction in zip(stage.taken[step], predictions, strict=True):
            here = here + prediction * weight
        if s_noise:
            drawn = drawn * stage.fade[step] + noise.draw(sigma, level) * stage.fresh[step]
            here = here + drawn * (level * s_noise)
        if place < len(stages) - 1:
            predictions.append(denoise(here, level))
        sigma = level
    return here


sample_exp_heun_2_x0 = partial(sample_seeds_2, eta=0.0, s_noise=0.0, r=1.0, solver_type="phi_2")
sample_exp_heun_2_x0_sde = partial(sample_seeds_2, r=1.0, solver_type="phi_2")
