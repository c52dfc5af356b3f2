"""UniPC: a predictor, corrected one step later by the evaluation that the next step makes anyway."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, intervals

ORDER = 3

NEARLY_ZERO = 0.001
"""The level at which the last step ends instead of zero, which is infinitely far in log sigma."""

Variant = Literal["bh1", "bh2"]
"""The paper's B(h): the step's length in log sigma, or how much of the way it goes."""


def sample_unipc(
    denoise: Denoise, state: State, sigmas: Tensor, noise: Noise, variant: Variant = "bh1"
) -> Iterator[State]:
    """UniPC in x0 form, of order three, lower at both ends (Zhao et al. 2023, arXiv:2302.04867).

    The state's x is predicted and not corrected yet. The history is the corrected x of the step before, then
    the predictions of x0, the latest first.
    """
    path, steps = _path(sigmas), len(sigmas) - 1
    limit = min(ORDER, max(1, steps - 1))
    x, base, before = state.x, state.history[:1], state.history[1:]
    for step, sigma, _ in intervals(state, sigmas, noise):
        x0 = x + (denoise(x, sigma) - x) * (path.levels[step] / sigma)
        if step:
            order = min(limit, step, steps + 1 - step)
            x = _step(base[0], before, path, step - 1, order, variant, x0)
        base, before = (x,), (x0, *before)[:ORDER]
        x = _step(x, before, path, step, min(limit, step + 1, steps - step), variant)
        yield State(step + 1, x, (*base, *before), x0=x0)


class _Path(NamedTuple):
    """The levels to visit and how far each step goes down in log sigma."""

    levels: list[float]
    lengths: list[float]


def _path(sigmas: Tensor) -> _Path:
    """The levels by way of the VP process, in float32.

    The reference goes this way; near zero, where `1 - alpha^2` cancels, its levels are off by as much as some
    percent.
    """
    log_alpha = 0.5 * (1 / (torch.where(sigmas > 0, sigmas, NEARLY_ZERO) ** 2 + 1)).log()
    variance = 1 - (2 * log_alpha).exp()
    lengths = (log_alpha - 0.5 * variance.log()).diff()
    return _Path((variance.sqrt() / log_alpha.exp()).tolist(), lengths.tolist())


def _step(
    x: Tensor,
    before: tuple[Tensor, ...],
    path: _Path,
    at: int,
    order: int,
    variant: Variant,
    arrived: Tensor | None = None,
) -> Tensor:
    """The step `at` from x, whose prediction is `before[0]`.

    With the prediction `arrived` at its end it is the corrector, without it the predictor, one order lower.
    """
    length = path.lengths[at]
    step = x * (path.levels[at + 1] / path.levels[at]) - before[0] * math.expm1(-length)
    ratios = [-sum(path.lengths[at - k : at]) / length for k in range(1, order)]
    differences = [(before[k] - before[0]) / ratio for k, ratio in enumerate(ratios, start=1)]
    if arrived is not None:
        ratios, differences = [*ratios, 1.0], [*differences, arrived - before[0]]
    scale = -length if variant == "bh1" else math.expm1(-length)
    for weight, difference in zip(_weights(ratios, length, scale), differences, strict=True):
        step = step - difference * (scale * weight)
    return step


def _weights(ratios: list[float], length: float, scale: float) -> list[float]:
    """The weights of the differences: those with which polynomials up to their number are integrated exactly.

    A single one is a half, which keeps the order (the paper's section 3.3).
    """
    if len(ratios) < 2:
        return [0.5] * len(ratios)
    rows = [[ratio**power for ratio in ratios] for power in range(len(ratios))]
    phi, factorial, aims = math.expm1(-length) / -length - 1.0, 1.0, []
    for power in range(len(ratios)):
        aims.append(phi * factorial / scale)
        factorial *= power + 2
        phi = phi / -length - 1.0 / factorial
    return torch.linalg.solve(
        torch.tensor(rows, dtype=torch.float64), torch.tensor(aims, dtype=torch.float64)
    ).tolist()


sample_uni_pc = partial(sample_unipc, variant="bh1")
sample_uni_pc_bh2 = partial(sample_unipc, variant="bh2")
