"""ER-SDE: a reverse equation whose amount of noise is chosen freely."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.ratio import Ratios
from safelight.diffusion.sampler.state import Denoise, State, intervals
from safelight.diffusion.sigma import ModelSampling

POINTS = 200
"""How many points the integrals are summed over."""

Equation = Literal["ER-SDE", "Reverse-time SDE", "ODE"]


def sample_er_sde(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    solver_type: Equation = "ER-SDE",
    max_stage: int = 3,
    eta: float = 1.0,
    s_noise: float = 1.0,
) -> Iterator[State]:
    """ER-SDE-Solver of up to order three (Cui et al. 2023, arXiv:2309.06169).

    Its levels are noise over picture, one over the ratio. The history is the prediction before, then its
    slope over these levels. `eta` counts for the reverse-time equation, whose noise it scales.
    """
    x, before = state.x, state.history
    ratios = Ratios.of(sigmas, model)
    levels = ratios.logs.neg().exp()
    power = {"ER-SDE": None, "Reverse-time SDE": eta + 1.0, "ODE": 1.0}[solver_type]
    table = [_coefficients(levels, ratios, step, power) for step in range(len(levels) - 1)]
    gaps = levels.tolist()
    drawing = s_noise if solver_type != "ODE" else 0.0
    for step, sigma, after in intervals(state, ratios.sigmas, noise):
        x0 = denoise(x, sigma)
        slopes = ((x0 - before[0]) / (gaps[step] - gaps[step - 1]),) if before and max_stage > 1 else ()
        if after == 0.0:
            x = x0
        else:
            curves = ()
            if len(before) > 1 and max_stage > 2:
                curves = ((slopes[0] - before[1]) * (2.0 / (gaps[step] - gaps[step - 2])),)
            kept, up, *taken = table[step]
            x = x * kept
            for weight, term in zip(taken, (x0, *slopes, *curves), strict=False):
                x = x + term * weight
            if drawing:
                x = x + noise.draw(sigma, after) * (up * drawing)
        before = (x0, *slopes)
        yield State(step + 1, x, before, noise.position, x0)


def _coefficients(levels: Tensor, ratios: Ratios, step: int, power: float | None) -> list[float]:
    """What is kept of x, the noise added, and what is taken of the prediction, its slope and its curve."""
    here, there = levels[step], levels[step + 1]
    if not there:
        return []
    scale, share = _scale(there, power), ratios.sigmas[step + 1] / there
    kept = scale / _scale(here, power)
    fall = there - here
    points = there + torch.arange(POINTS) * (-fall / POINTS)
    scales = _scale(points, power)
    first, second = ((part / scales).sum() * (-fall / POINTS) for part in (1.0, points - here))
    up = (there**2 - here**2 * kept**2).sqrt().nan_to_num(nan=0.0)
    terms = (1.0 - kept, fall + first * scale, fall**2 / 2 + second * scale)
    shrink = share / (ratios.sigmas[step] / here)
    return [float(one) for one in (shrink * kept, share * up, *(share * term for term in terms))]


def _scale(levels: Tensor, power: float | None) -> Tensor:
    """The noise scale: a power of the level, or else the one that the paper recommends."""
    return levels**power if power else levels * ((levels**0.3).exp() + 10.0)
