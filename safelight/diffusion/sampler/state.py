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
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise


class Denoise(Protocol):
    """Predicts the clean latent, whatever the model behind it predicts."""

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """The clean latent expected behind `x`, which holds noise of level sigma."""


def both(denoise: Denoise, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    """The clean latent to go towards, and the one that the negative prompt expects.

    A denoiser that is guided has a method `both`; without guidance the two are one.
    """
    asked = getattr(denoise, "both", None)
    if asked is not None:
        return asked(x, sigma)
    x0 = denoise(x, sigma)
    return x0, x0


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


class Descent(NamedTuple):
    """How each step of an ancestral sampler is split: down below the next level, then up to it with noise.

    Lists with a number for each step: the level to go `down` to, by how much what is there is then multiplied
    (`shrink`), and how much fresh unit noise is added (`up`).
    """

    down: list[float]
    shrink: list[float]
    up: list[float]


def descents(sigmas: Tensor, eta: float = 1.0, *, flow: bool = False) -> Descent:
    """The split of each step of a schedule.

    With eta 1 a step has the noise of the reverse diffusion (DDPM, Ho et al. 2020, arXiv:2006.11239), with
    eta 0 none. Of a flow, in which the picture fades as noise grows, the picture shrinks on the way up.
    """
    if flow:
        down, shrink, up = _flow_descent(sigmas[:-1], sigmas[1:], eta)
    else:
        down, up = descent(sigmas[:-1], sigmas[1:], eta)
        shrink = torch.ones_like(down)
    return Descent(down.tolist(), shrink.tolist(), up.tolist())


def descent(sigma: Tensor, after: Tensor, eta: float = 1.0) -> tuple[Tensor, Tensor]:
    """From levels to lower ones: how far down to go, and how much noise leads up again.

    The two variances add up to that of the level. From an infinite level all is noise.
    """
    if not eta:
        return after, torch.zeros_like(after)
    up = torch.fmin(after, eta * (after**2 * (sigma**2 - after**2) / sigma**2).sqrt())
    return (after**2 - up**2).sqrt(), up


def _flow_descent(sigma: Tensor, after: Tensor, eta: float) -> tuple[Tensor, Tensor, Tensor]:
    """`descent` where a level is the share of noise in a mixture with the picture."""
    down = after * (1.0 + (after / sigma - 1.0) * eta)
    shrink = (1.0 - after) / (1.0 - down)
    return down, shrink, (after**2 - down**2 * shrink**2).clamp(min=0.0).sqrt()


def middles(sigma: Tensor, after: Tensor) -> Tensor:
    """The levels half way down in log sigma."""
    return torch.lerp(sigma.log(), after.log(), 0.5).exp()
