"""DPM-Solver with steps of its own choosing: as few evaluations as asked for, or as the error demands.

Lu et al. 2022, arXiv:2206.00927. Of a schedule these samplers keep only its ends: the highest level and the
lowest one above zero, where they stop. Time here is minus log sigma.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State, descent

ARRIVED = 1e-5
"""How near to the end in time is there."""


def sample_dpm_fast(denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
    """DPM-Solver-fast: steps of order three and lower ones to fill up, evenly spaced in log sigma.

    Each evaluation counts as one of the schedule's steps; a state is yielded after each solver step.
    """
    noise.seek(state.noise)
    start, end = _ends(sigmas)
    orders = _orders(len(sigmas) - 1)
    times = torch.linspace(float(start), float(end), len(orders) + 1, dtype=start.dtype)
    x, done = state.x, 0
    for order, time, after in zip(orders, times[:-1], times[1:], strict=True):
        done += order
        if done > state.step:
            evaluated = _Evaluated(denoise, x, time, after)
            x = evaluated.step(order)
            yield State(done, x, x0=evaluated.x0)


def _orders(evaluations: int) -> list[int]:
    """Threes, and at the end what makes the evaluations exactly so many."""
    steps = evaluations // 3 + 1
    if evaluations % 3 == 0:
        return [3] * (steps - 2) + [2, 1]
    return [3] * (steps - 1) + [evaluations % 3]


def sample_dpm_adaptive(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    order: int = 3,
    rtol: float = 0.05,
    atol: float = 0.0078,
    h_init: float = 0.05,
    pcoeff: float = 0.0,
    icoeff: float = 1.0,
    dcoeff: float = 0.0,
    accept_safety: float = 0.81,
    eta: float = 0.0,
    s_noise: float = 1.0,
) -> Iterator[State]:
    """DPM-Solver-12 or -23: each step is as long as its error, seen by two orders at once, allows.

    The history is the lower order's last result, then time and the controller as numbers. As nobody knows how
    many steps there will be, a state's step is how much of the way is done, in steps of the schedule.
    """
    start, end = _ends(sigmas)
    total = len(sigmas) - 1
    control = _Control(h_init, (pcoeff, icoeff, dcoeff), 1.5 if eta else float(order), accept_safety)
    x, low, time = state.x, state.x, start
    noise.seek(state.noise)
    if state.history:
        low, time = state.history[0], state.history[1].to(start.dtype)
        control.restore(state.history[2])
    while bool(time < end - ARRIVED):
        goal = torch.minimum(end, time + control.length)
        aim, up = _split(time, goal, end, eta)
        evaluated = _Evaluated(denoise, x, time, aim)
        lower, higher = evaluated.pair(order)
        if control.accepts(_error(lower, higher, low, atol, rtol)):
            low, x = lower, higher
            if eta:
                x = x + noise.draw(_level(time), _level(goal)) * (up * s_noise)
            time = goal
        arrived = not bool(time < end - ARRIVED)
        step = total if arrived else min(total - 1, int(total * float((time - start) / (end - start))))
        yield State(step, x, (low, time.cpu(), control.kept()), noise.position, evaluated.x0)


def _ends(sigmas: Tensor) -> tuple[Tensor, Tensor]:
    """The times of the highest level and of the lowest above zero."""
    last = sigmas[-1] if sigmas[-1] > 0 else sigmas[-2]
    return sigmas[0].log().neg(), last.log().neg()


def _level(time: Tensor) -> float:
    return float(time.neg().exp())


def _split(time: Tensor, goal: Tensor, end: Tensor, eta: float) -> tuple[Tensor, float]:
    """The time to go down to and how much noise then leads up to the goal."""
    if not eta:
        return goal, 0.0
    level = goal.neg().exp()
    aim = torch.minimum(end, descent(time.neg().exp(), level, eta)[0].log().neg())
    return aim, float((level**2 - aim.neg().exp() ** 2).sqrt())


def _error(lower: Tensor, higher: Tensor, before: Tensor, atol: float, rtol: float) -> float:
    """The difference of the two orders, where one is what is tolerated."""
    allowed = (torch.maximum(lower.abs(), before.abs()) * rtol).clamp(min=atol)
    return float(torch.linalg.norm((lower - higher) / allowed) / lower.numel() ** 0.5)


class _Evaluated:
    """One solver step's questions to the model; noise predictions are kept, as two orders share them."""

    def __init__(self, denoise: Denoise, x: Tensor, time: Tensor, after: Tensor) -> None:
        self._denoise, self._x, self._time = denoise, x, time
        self._length, self._after = after - time, after
        self._known: dict[float, Tensor] = {}
        level = _level(time)
        self.x0 = denoise(x, level)
        self._first = (x - self.x0) / level

    def step(self, order: int) -> Tensor:
        """The step, of this order (1 to 3)."""
        return (self._one, self._two, self._three)[order - 1]()

    def pair(self, order: int) -> tuple[Tensor, Tensor]:
        """The step by this order (2 or 3) and by the one below."""
        return (self._one(), self._two()) if order == 2 else (self._two(1 / 3), self._three())

    def _noise_at(self, part: float, bend: Tensor | None = None) -> Tensor:
        """The noise predicted this part of the way, reached with the first prediction and a correction."""
        if part not in self._known:
            time = self._time + part * self._length
            level = time.neg().exp()
            x = self._x - self._first * float(level * (part * self._length).expm1())
            if bend is not None:
                x = x - bend * float(level)
            self._known[part] = (x - self._denoise(x, float(level))) / float(level)
        return self._known[part]

    def _one(self) -> Tensor:
        return self._x - self._first * float(self._after.neg().exp() * self._length.expm1())

    def _two(self, part: float = 0.5) -> Tensor:
        weight = self._after.neg().exp() / (2 * part) * self._length.expm1()
        return self._one() - (self._noise_at(part) - self._first) * float(weight)

    def _three(self, near: float = 1 / 3, far: float = 2 / 3) -> Tensor:
        length = far * self._length
        bend = (self._noise_at(near) - self._first) * float(far / near * (length.expm1() / length - 1))
        weight = self._after.neg().exp() / far * (self._length.expm1() / self._length - 1)
        return self._one() - (self._noise_at(far, bend) - self._first) * float(weight)


@dataclass
class _Control:
    """A PID controller of the step length (Hairer et al., Solving Ordinary Differential Equations, IV.2)."""

    length: float
    coefficients: tuple[float, float, float]
    order: float
    safety: float
    errors: tuple[float, ...] = ()

    def accepts(self, error: float) -> bool:
        """Whether a step with this error counts; the next one's length is set either way."""
        p, i, d = self.coefficients
        inverse = 1.0 / (error + 1e-8)
        self.errors = (inverse, *(self.errors[1:] or (inverse, inverse)))
        powers = ((p + i + d) / self.order, -(p + 2 * d) / self.order, d / self.order)
        factor = math.prod(one**power for one, power in zip(self.errors, powers, strict=True))
        factor = 1.0 + math.atan(factor - 1.0)
        if accepted := factor >= self.safety:
            self.errors = (self.errors[0], self.errors[0], self.errors[1])
        self.length *= factor
        return accepted

    def kept(self) -> Tensor:
        """Its state as numbers."""
        return torch.tensor([self.length, *self.errors], dtype=torch.float64)

    def restore(self, numbers: Tensor) -> None:
        """Take up that state."""
        self.length, *errors = numbers.tolist()
        self.errors = tuple(errors)
