"""Schedules: the noise levels that a sampler visits.

A schedule is a function `(model sampling, steps) -> sigmas`: float32 on the CPU, descending, ending in zero.
Mostly there are `steps + 1` of them; `ddim_uniform` may give more and `beta` fewer, since both pick among
trained levels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.names import SCHEDULES
from safelight.diffusion.sigma import ModelSampling

Schedule = Callable[[ModelSampling, int], Tensor]

NEARLY_ZERO = 1e-5
"""A level this small counts as no noise."""


def normal(model: ModelSampling, steps: int) -> Tensor:
    """Timesteps evenly spaced from the first to the last, both included."""
    last = model.timestep(model.sigma_min)
    ends_at_zero = model.sigma(last) < NEARLY_ZERO
    timesteps = _between(model.timestep(model.sigma_max), last, steps + ends_at_zero)
    levels = [model.sigma(t) for t in timesteps.tolist()]
    return torch.tensor(levels) if ends_at_zero else _ending(levels)


def sgm_uniform(model: ModelSampling, steps: int) -> Tensor:
    """Timesteps evenly spaced as `normal` does, but stopping one space before the last."""
    first, last = model.timestep(model.sigma_max), model.timestep(model.sigma_min)
    return _ending([model.sigma(t) for t in _between(first, last, steps + 1)[:-1].tolist()])


def karras(model: ModelSampling, steps: int) -> Tensor:
    """Evenly spaced in `sigma^(1/7)` (Karras et al. 2022, arXiv:2206.00364, equation 5)."""
    rho = 7.0
    top, bottom = model.sigma_max ** (1 / rho), model.sigma_min ** (1 / rho)
    return _ending((top + _between(0.0, 1.0, steps) * (bottom - top)) ** rho)


def exponential(model: ModelSampling, steps: int) -> Tensor:
    """Evenly spaced in log sigma."""
    return _ending(_between(math.log(model.sigma_max), math.log(model.sigma_min), steps).exp())


def simple(model: ModelSampling, steps: int) -> Tensor:
    """Trained levels at even distances, counted from the highest."""
    stride = len(model.sigmas) / steps
    return _ending([float(model.sigmas[-1 - int(k * stride)]) for k in range(steps)])


def ddim_uniform(model: ModelSampling, steps: int) -> Tensor:
    """Trained levels at even whole distances, from the second lowest up (DDIM, arXiv:2010.02502).

    The distance is rounded down, so that there are often more levels than steps.
    """
    ends_at_zero = float(model.sigmas[1]) < NEARLY_ZERO
    stride = max(len(model.sigmas) // (steps + ends_at_zero), 1)
    levels = model.sigmas[1::stride].flip(0)
    return levels.clone() if ends_at_zero else _ending(levels)


def beta(model: ModelSampling, steps: int) -> Tensor:
    """Trained levels spread like a Beta(0.6, 0.6): dense at both ends (arXiv:2407.12173)."""
    last = len(model.sigmas) - 1
    picked = dict.fromkeys(round(_beta_quantile(1.0 - k / steps) * last) for k in range(steps))
    return _ending([float(model.sigmas[index]) for index in picked])


def linear_quadratic(model: ModelSampling, steps: int) -> Tensor:
    """Half the steps over the first 2.5 % of the way, then a parabola (Movie Gen, arXiv:2410.13720)."""
    if steps == 1:
        return torch.tensor([model.sigma_max, 0.0])
    threshold, linear = 0.025, steps // 2
    rest = steps - linear
    stride = threshold / linear
    bend = (1.0 - threshold - stride * rest) / rest**2
    done = [k * stride for k in range(linear)]
    done += [threshold + stride * k + bend * k * k for k in range(rest)]
    return torch.tensor([1.0 - part for part in [*done, 1.0]]) * model.sigma_max


def kl_optimal(model: ModelSampling, steps: int) -> Tensor:
    """Evenly spaced in arctan sigma, the optimum of Align Your Steps for a Gaussian (arXiv:2404.14507)."""
    part = torch.arange(steps) / max(steps - 1, 1)
    return _ending((part * math.atan(model.sigma_min) + (1 - part) * math.atan(model.sigma_max)).tan())


_BY_NAME: dict[str, Schedule] = {
    "normal": normal,
    "karras": karras,
    "exponential": exponential,
    "sgm_uniform": sgm_uniform,
    "simple": simple,
    "ddim_uniform": ddim_uniform,
    "beta": beta,
    "linear_quadratic": linear_quadratic,
    "kl_optimal": kl_optimal,
}


def find(name: str) -> Schedule:
    """The schedule of this name; `UnsupportedError` if there is none."""
    if name not in _BY_NAME:
        raise UnsupportedError(f"There is no schedule '{name}'", f"Choose one of {', '.join(SCHEDULES)}")
    return _BY_NAME[name]


def _between(first: float, last: float, count: int) -> Tensor:
    """Evenly spaced numbers from first to last, both included; a single one is the first."""
    return torch.linspace(first, last, count)


def _beta_quantile(part: float) -> float:
    """The number below which this part of Beta(0.6, 0.6) lies, by bisection of its power series."""
    if part >= 0.5:
        return 0.5 if part == 0.5 else 1.0 - _beta_quantile(1.0 - part)
    shape, factor, terms = 0.6, 1.0, []
    for n in range(60):
        terms.append(factor / (shape + n))
        factor *= (n + 1 - shape) / (n + 1)
    wanted = part * math.gamma(shape) ** 2 / math.gamma(2 * shape)
    low, high = 0.0, 0.5
    for _ in range(60):
        middle = (low + high) / 2
        mass = middle**shape * sum(term * middle**n for n, term in enumerate(terms))
        low, high = (middle, high) if mass < wanted else (low, middle)
    return low


def _ending(levels: Tensor | Sequence[float]) -> Tensor:
    """The levels with a zero after them."""
    levels = torch.as_tensor(levels, dtype=torch.float32)
    return torch.cat([levels, levels.new_zeros(1)])
