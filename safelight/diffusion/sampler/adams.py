"""SA-Solver: a stochastic Adams method, which predicts a step and corrects it with what it finds there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.ratio import Ratios
from safelight.diffusion.sampler.state import Denoise, State, intervals
from safelight.diffusion.sigma import ModelSampling

NOISY = (0.2, 0.8)
"""The part of the way on which noise is added, unless another is asked for."""


def sample_sa_solver(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    eta: float = 1.0,
    sde_start: float | None = None,
    sde_end: float | None = None,
    s_noise: float = 1.0,
    predictor_order: int = 3,
    corrector_order: int = 4,
    use_pece: bool = False,
    simple_order_2: bool = False,
) -> Iterator[State]:
    """SA-Solver (Xue et al. 2023, arXiv:2309.05019), lower in order at both ends.

    Noise is added while a level lies between two others, 20 to 80 % of the way if they are not given. With
    `use_pece` the model is asked again after each correction. The state's x is predicted and not corrected
    yet; the history is the corrected x of the step before, the noise added since, then the predictions, the
    latest first.
    """
    noisy = (
        model.percent_to_sigma(NOISY[0]) if sde_start is None else sde_start,
        model.percent_to_sigma(NOISY[1]) if sde_end is None else sde_end,
    )
    ratios = Ratios.of(sigmas, model)
    walk = _Walk(ratios, eta, noisy, simple_order_2)
    steps = len(sigmas) - 1
    ends_at_zero = float(sigmas[-1]) == 0.0
    x, history = state.x, state.history
    for step, sigma, after in intervals(state, ratios.sigmas, noise):
        predictions = (denoise(x, sigma), *history[2:])[: max(predictor_order, corrector_order)]
        forward, back = min(predictor_order, step + 1), min(corrector_order, step + 1)
        if ends_at_zero:
            forward, back = min(forward, steps - 1 - step), min(back, steps - step)
        if step and back and (after or use_pece):
            x = walk.step(history[0], predictions, step - 1, back, corrector=True) + history[1]
            if use_pece:
                predictions = (denoise(x, sigma), *predictions[1:])
        if after == 0.0:
            yield State(step + 1, predictions[0], (), noise.position, predictions[0])
            return
        base, drawn = x, torch.zeros_like(x)
        x = walk.step(base, predictions, step, forward)
        if (up := walk.up(step)) and s_noise:
            drawn = noise.draw(sigma, after) * (up * s_noise)
            x = x + drawn
        history = (base, drawn, *predictions)
        yield State(step + 1, x, history, noise.position, predictions[0])


class _Walk:
    """The coefficients of the steps of a schedule."""

    def __init__(self, ratios: Ratios, eta: float, noisy: tuple[float, float], simple: bool) -> None:
        self._ratios = ratios
        self._sigmas, self._logs = ratios.sigmas.tolist(), ratios.logs.double().tolist()
        self._eta, self._noisy, self._simple = eta, noisy, simple

    def _rate(self, step: int) -> float:
        """How much noise a step adds, where 1 is the reverse diffusion's."""
        high, low = self._noisy
        return self._eta if low <= self._sigmas[step + 1] <= high else 0.0

    def _length(self, step: int) -> float:
        return self._logs[step + 1] - self._logs[step]

    def up(self, step: int) -> float:
        """The noise that a step ends with."""
        rate = torch.tensor(-2.0 * self._rate(step) ** 2 * self._length(step))
        return self._sigmas[step + 1] * float(rate.expm1().neg().sqrt())

    def step(
        self, x: Tensor, predictions: tuple[Tensor, ...], step: int, order: int, *, corrector: bool = False
    ) -> Tensor:
        """The step without its noise, by as many predictions as the order says.

        A corrector's first prediction was made where the step ends.
        """
        squared, length = self._rate(step) ** 2, self._length(step)
        kept = self._sigmas[step + 1] / self._sigmas[step] * float(torch.tensor(-squared * length).exp())
        x = x * kept
        newest = step + corrector
        nodes = [self._logs[newest - k] for k in range(order)]
        for weight, prediction in zip(self._weights(step, nodes, corrector), predictions, strict=False):
            x = x + prediction * weight
        return x

    def _weights(self, step: int, nodes: list[float], corrector: bool) -> list[float]:
        """How much of each prediction, the latest first: exact for a polynomial through these nodes."""
        start, end = self._logs[step], self._logs[step + 1]
        rate, share = 1.0 + self._rate(step) ** 2, float(self._ratios.shares[step + 1])
        moments = _moments(start - end, rate, len(nodes))
        if self._simple and len(nodes) == 2:
            return [share * one for one in _simple(moments, nodes, end - start, rate, corrector)]
        powers = torch.tensor([[(node - end) ** p for node in nodes] for p in range(len(nodes))]).double()
        return (torch.linalg.solve(powers, torch.tensor(moments).double()) * share).tolist()


def _moments(start: float, rate: float, count: int) -> list[float]:
    """The integrals of `rate exp(rate u) u^p` from the (negative) start to zero, for the first powers."""
    fade = torch.tensor(rate * start).double()
    moments = [-float(fade.expm1())]
    for power in range(1, count):
        moments.append(-float(fade.exp()) * start**power - power / rate * moments[-1])
    return moments


def _simple(
    moments: list[float], nodes: list[float], length: float, rate: float, corrector: bool
) -> list[float]:
    """Weights of two predictions to second order, without the terms beyond."""
    if corrector:
        newest = 0.5 * rate * length
        return [newest, moments[0] - newest]
    older = 0.5 * rate * length**2 / (nodes[1] - nodes[0])
    return [moments[0] - older, older]


sample_sa_solver_pece = partial(sample_sa_solver, use_pece=True)
