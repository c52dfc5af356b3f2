"""What samplers share: the state that each yields, and the few formulas that all of them speak in.

A sampler is a function `sample_x(denoise, state, sigmas, noise) -> Iterator[State]`. It takes up the walk
down `sigmas` where `state` left it and yields the whole state after each step, so that a run can be stopped,
saved and continued anywhere, in another process, with the same bits. Whatever a step needs beyond `x`
(earlier predictions of a multistep method, the position in the noise) is in the state; nothing hides in local
variables.

Coefficients are Python floats: on an accelerator no step has to wait for one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from safelight.diffusion.noise import Noise


class Denoise(Protocol):
    """Predicts the clean latent, whatever the model behind it predicts."""

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """The clean latent expected behind `x`, which holds noise of level sigma."""


@dataclass(frozen=True, eq=False)
class State:
    """A sampling run after some of its steps."""

    step: int
    """How many steps are done."""
    x: Tensor
    """The latent, with noise of level `sigmas[step]`."""
    history: tuple[Tensor, ...] = ()
    """What a multistep method remembers of earlier steps, the latest first."""
    noise: int = 0
    """The position of the noise: how many draws have been made."""
    x0: Tensor | None = None
    """The clean latent as this step predicted it, for previews; nothing is computed from it."""


class Sampler(Protocol):
    """One way of walking from noise to a clean latent."""

    def __call__(self, denoise: Denoise, state: State, sigmas: Tensor, noise: Noise) -> Iterator[State]:
        """Yield the state after each step from `state.step` on; `sigmas` is the whole schedule."""


def intervals(state: State, sigmas: Tensor, noise: Noise) -> Iterator[tuple[int, float, float]]:
    """The steps still to take, each as its index, the sigma it starts from and the sigma it ends at.

    The noise is first wound to where it stood in this state.
    """
    noise.seek(state.noise)
    levels = sigmas.tolist()
    for step in range(state.step, len(levels) - 1):
        yield step, levels[step], levels[step + 1]


def log_sigma(sigmas: Tensor) -> Tensor:
    """The logarithm of each level (-inf of zero), in which exponential integrators measure their steps.

    In float32, as the reference computes it: where two levels nearly touch, the rounding shows in the result.
    """
    return sigmas.float().log()


def slope(x: Tensor, x0: Tensor, sigma: float) -> Tensor:
    """dx/dsigma of the probability-flow equation (Karras et al. 2022, arXiv:2206.00364, equation 1)."""
    return (x - x0) / sigma


def towards(x: Tensor, x0: Tensor, sigma: float, after: float) -> Tensor:
    """Euler's step: along the straight line to x0, from sigma to `after`."""
    return x0 if after == 0.0 else x + slope(x, x0, sigma) * (after - sigma)


def descend(sigma: float, after: float, eta: float = 1.0) -> tuple[float, float]:
    """Split a step: how far down to go, and how much fresh noise then leads up to `after`.

    The two variances add up to that of `after`; with eta 1 the step has the noise of the reverse diffusion
    (DDPM, Ho et al. 2020, arXiv:2006.11239), with eta 0 none.
    """
    if not eta or not after:
        return after, 0.0
    up = min(after, eta * math.sqrt(after**2 * (sigma**2 - after**2) / sigma**2))
    return math.sqrt(after**2 - up**2), up
