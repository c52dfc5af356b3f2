"""What samplers share: the state that each yields, and the few formulas that all of them speak in.

A sampler is a function `sample_x(denoise, state, sigmas, noise) -> Iterator[State]`. It takes up the walk
down `sigmas` where `state` left it and yields the whole state after each step, so that a run can be stopped,
saved and continued anywhere, in another process, with the same bits. Whatever a step needs beyond `x`
(earlier predictions of a multistep method, the position in the noise) is in the state; nothing hides in local
variables.

Coefficients reach the steps as Python floats: on an accelerator no step has to wait for one. Levels that a
sampler derives from its sigmas are computed in their own type, float32, as in the reference: a last bit can
decide which timestep the network is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
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


def falls(sigmas: Tensor) -> list[float]:
    """How far log sigma falls in each step, in which exponential integrators measure; inf for one to zero.

    From float32 logarithms, as in the reference: where two levels nearly touch, the rounding shows in the
    result.
    """
    return sigmas.float().log().neg().diff().tolist()


def slope(x: Tensor, x0: Tensor, sigma: float) -> Tensor:
    """dx/dsigma of the probability-flow equation (Karras et al. 2022, arXiv:2206.00364, equation 1)."""
    return (x - x0) / sigma


def towards(x: Tensor, x0: Tensor, sigma: float, after: float) -> Tensor:
    """Euler's step: along the straight line to x0, from sigma to `after`."""
    return x0 if after == 0.0 else x + slope(x, x0, sigma) * (after - sigma)


def descents(sigmas: Tensor, eta: float = 1.0) -> tuple[Tensor, Tensor]:
    """Split each step: how far down to go, and how much fresh noise then leads up to the next level.

    The two variances add up to that of the level; with eta 1 a step has the noise of the reverse diffusion
    (DDPM, Ho et al. 2020, arXiv:2006.11239), with eta 0 none. Shapes (steps,).
    """
    return descent(sigmas[:-1], sigmas[1:], eta)


def descent(sigma: Tensor, after: Tensor, eta: float = 1.0) -> tuple[Tensor, Tensor]:
    """`descents` from given levels to given lower ones."""
    up = torch.minimum(after, eta * (after**2 * (sigma**2 - after**2) / sigma**2).sqrt())
    return (after**2 - up**2).sqrt(), up


def middles(sigma: Tensor, after: Tensor) -> Tensor:
    """The levels half way down in log sigma."""
    return torch.lerp(sigma.log(), after.log(), 0.5).exp()
