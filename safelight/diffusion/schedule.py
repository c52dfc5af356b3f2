"""Schedules: the noise levels that a sampler visits.

A schedule is a function `(model sampling, steps) -> sigmas`: float32 on the CPU, descending, ending in zero.
Mostly there are `steps + 1` of them; `ddim_uniform` may give more and `beta` fewer, since both pick among
trained levels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
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
    return karras_between(steps, model.sigma_max, model.sigma_min)


def exponential(model: ModelSampling, steps: int) -> Tensor:
    """Evenly spaced in log sigma."""
    return polyexponential_between(steps, model.sigma_max, model.sigma_min)


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


def beta(model: ModelSampling, steps: int, alpha: float = 0.6, beta: float = 0.6) -> Tensor:
    """Trained levels spread like a Beta distribution: 0.6 is dense at both ends (arXiv:2407.12173)."""
    from scipy.special import betaincinv

    last = len(model.sigmas) - 1
    parts = (float(betaincinv(alpha, beta, 1.0 - k / steps)) for k in range(steps))
    picked = dict.fromkeys(round(part * last) for part in parts)
    return _ending([float(model.sigmas[index]) for index in picked])


def linear_quadratic(
    model: ModelSampling, steps: int, threshold: float = 0.025, linear: int | None = None
) -> Tensor:
    """Half the steps over the first 2.5 % of the way, then a parabola (Movie Gen, arXiv:2410.13720)."""
    if steps == 1:
        return torch.tensor([model.sigma_max, 0.0])
    linear = steps // 2 if linear is None else linear
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


def karras_between(steps: int, top: float, bottom: float, rho: float = 7.0) -> Tensor:
    """From one level to another, evenly spaced in `sigma^(1/rho)`, then zero (arXiv:2206.00364, eq. 5)."""
    try:
        high, low = top ** (1 / rho), bottom ** (1 / rho)
    except (ZeroDivisionError, OverflowError) as error:
        raise UnsupportedError(
            f"No levels lie evenly in sigma^(1/rho) with a rho of {rho:g}", "Choose a larger rho: 7 is usual"
        ) from error
    return _ending((high + _between(0.0, 1.0, steps) * (low - high)) ** rho)


def polyexponential_between(steps: int, top: float, bottom: float, rho: float = 1.0) -> Tensor:
    """From one level to another, a power `rho` in log sigma (1 is evenly spaced), then zero."""
    if min(top, bottom) <= 0.0:
        raise UnsupportedError(
            "Levels that fall in their logarithm do not come down to 0",
            "Choose sigma_max and sigma_min above 0: the 0 at the end is added",
        )
    high, low = math.log(top), math.log(bottom)
    if rho == 1.0:
        return _ending(_between(high, low, steps).exp())
    return _ending((_between(1.0, 0.0, steps) ** rho * (high - low) + low).exp())


def variance_preserving(steps: int, beta_d: float, beta_min: float, last: float) -> Tensor:
    """Even in the time (1 to `last`) of a process whose beta is linear, then zero (arXiv:2011.13456)."""
    times = _between(1.0, last, steps)
    return _ending((beta_d * times**2 / 2 + beta_min * times).expm1().sqrt())


def laplace(steps: int, top: float, bottom: float, mu: float, beta: float) -> Tensor:
    """Log sigma spread like a Laplace distribution around `mu`, within two levels (arXiv:2407.03297).

    No zero follows.
    """
    part = _between(0.0, 1.0, steps)
    logs = mu - beta * torch.sign(0.5 - part) * (1.0 - 2.0 * (0.5 - part).abs() + NEARLY_ZERO).log()
    return logs.exp().clamp(bottom, top)


ALIGNED: dict[str, tuple[float, ...]] = {
    "SD1": (
        14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520, 1.8841921177, 1.3943805092,
        0.9642583904, 0.6523686016, 0.3977456272, 0.1515232662, 0.0291671582,
    ),
    "SDXL": (
        14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141,
        0.5550693289, 0.3798540708, 0.2332364134, 0.1114188177, 0.0291671582,
    ),
    "SVD": (700.0, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002),
}  # fmt: skip
"""The levels that were found best for ten steps, by model (Sabour et al. 2024, arXiv:2404.14507)."""


def aligned(model_type: str, steps: int, denoise: float = 1.0) -> Tensor:
    """Align Your Steps: levels optimised for a model, for other numbers of steps interpolated in log."""
    if denoise <= 0.0:
        return torch.empty(0)
    known = np.log(ALIGNED[model_type])
    places = np.linspace(0.0, 1.0, steps + 1)
    levels = np.exp(np.interp(places, np.linspace(0.0, 1.0, len(known)), known))
    if steps + 1 == len(known):
        levels = np.array(ALIGNED[model_type])
    kept = levels[-(round(steps * denoise) + 1) :].copy()
    kept[-1] = 0.0
    return torch.tensor(kept, dtype=torch.float32)


def turbo(model: ModelSampling, steps: int, denoise: float = 1.0) -> Tensor:
    """The levels of SD-Turbo: at most ten, at every hundredth trained step (arXiv:2311.17042)."""
    first = 10 - int(10 * denoise)
    timesteps = [100 * k - 1 for k in range(10, 0, -1)][first : first + steps]
    return _ending([model.sigma(t) for t in timesteps])


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


def _ending(levels: Tensor | Sequence[float]) -> Tensor:
    """The levels with a zero after them."""
    levels = torch.as_tensor(levels, dtype=torch.float32)
    return torch.cat([levels, levels.new_zeros(1)])
