"""Layers of guidance: what corrects plain classifier-free guidance, each a small formula with its paper.

Each is made of the settings of a model's patch of kind `guidance`, by `layer`. With its neutral strength a
layer changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor

from safelight.diffusion.correction import correction
from safelight.diffusion.guidance import NEGATIVE, POSITIVE, Guess, Layer
from safelight.diffusion.ramp import Ramp
from safelight.diffusion.sigma import ModelSampling


@dataclass(frozen=True)
class Rescaled(Layer):
    """CFG rescale: the result keeps the spread of the positive prediction (arXiv:2305.08891, section 3.4).

    `multiplier` 0 leaves it alone, 1 gives it that spread. Spreads are those of velocities.
    """

    multiplier: float

    def blend(self, guess: Guess, toward: Tensor, away: Tensor, scale: float) -> Tensor | None:
        """The blend, mixed with itself at the spread of `toward`."""
        if not self.multiplier:
            return None
        variance = guess.sigma**2 + 1.0
        base, root = guess.x / variance, variance**0.5
        wanted, other = ((base - x0) * (root / guess.sigma) for x0 in (toward, away))
        velocity = other + (wanted - other) * scale
        spread = _spread(wanted) / _spread(velocity)
        velocity = velocity * spread * self.multiplier + velocity * (1.0 - self.multiplier)
        return base - velocity * (guess.sigma / root)


def _spread(one: Tensor) -> Tensor:
    return one.std(dim=tuple(range(1, one.ndim)), keepdim=True)


@dataclass(frozen=True)
class ZeroStar(Layer):
    """CFG-Zero*: the negative prediction is first scaled to fit the positive one best (arXiv:2503.18886)."""

    def after(self, guess: Guess, x0: Tensor, scale: float) -> Tensor:
        """The result with the scaled negative in place of the other; nothing to do at a scale of 1."""
        if NEGATIVE not in guess.said or scale == 1.0:
            return x0
        wanted, other = ((guess.x - one).flatten(1) for one in (guess.positive, guess.negative))
        best = (wanted * other).sum(1, keepdim=True) / ((other**2).sum(1, keepdim=True) + 1e-8)
        best = best.reshape(-1, *(1,) * (x0.ndim - 1))
        return x0 + guess.negative * (best - 1.0) * (1.0 - scale)


@dataclass(eq=False)
class Projected(Layer):
    """Adaptive projected guidance (APG: Sadat et al. 2024, arXiv:2410.02416).

    Guidance is bounded in length by `norm_threshold` (0 does not), what points along the prediction counts
    `eta` times, and `momentum` of the guidance before is added (below zero it is taken away).
    """

    eta: float
    norm_threshold: float
    momentum: float
    _before: Tensor | None = field(default=None, repr=False)
    _sigma: float = float("inf")

    @property
    def remembers(self) -> bool:  # type: ignore[override]
        """Whether there is any momentum."""
        return self.momentum != 0.0

    def before(self, guess: Guess, scale: float) -> Mapping[str, Tensor]:
        """The positive prediction moved so that guidance gives it plus the corrected difference."""
        difference = guess.positive - guess.negative
        change = self._carried(difference, guess.sigma)
        edges = tuple(range(-3, 0))
        if self.norm_threshold > 0:
            length = change.norm(p=2, dim=edges, keepdim=True)
            change = change * (self.norm_threshold / length).clamp(max=1.0)
        along = torch.nn.functional.normalize(guess.positive.double(), dim=edges)
        parallel = ((change.double() * along).sum(dim=edges, keepdim=True) * along).to(change.dtype)
        change = (change - parallel) + parallel * self.eta
        return {**guess.said, POSITIVE: guess.negative + change + difference / scale}

    def _carried(self, difference: Tensor, sigma: float) -> Tensor:
        """The difference with its momentum; a sigma that rises begins another run."""
        if not self.momentum:
            return difference
        fresh = self._before is None or sigma > self._sigma
        self._before = difference if fresh else self._before * self.momentum + difference
        self._sigma = sigma
        return self._before


@dataclass(frozen=True)
class Perturbed(Layer):
    """Away from what the model says when a part of it is put out of action.

    With `perturbation` `identity` the middle's self-attention looks only at each place itself: perturbed
    attention guidance (PAG: Ahn et al. 2024, arXiv:2403.17377). With `skip` the middle's transformer is left
    out: skip-layer guidance (SLG: after Hyung et al. 2024, arXiv:2411.18664). It acts between two sigmas.
    """

    amount: float
    perturbation: Literal["identity", "skip"]
    start: float = float("inf")
    end: float = 0.0

    def acts(self, sigma: float) -> bool:
        """Whether this is within its range."""
        return self.end <= sigma <= self.start

    def after(self, guess: Guess, x0: Tensor, scale: float) -> Tensor:
        """The result plus `amount` times the difference to the perturbed positive prediction."""
        if not self.amount or not self.acts(guess.sigma):
            return x0
        return x0 + (guess.positive - guess.ask(POSITIVE, self.perturbation)) * self.amount


@dataclass(frozen=True)
class Overridden(Layer):
    """Another guidance scale between two sigmas."""

    cfg: float
    start: float
    end: float

    def acts(self, sigma: float) -> bool:
        """Whether this is within its range."""
        return self.end <= sigma <= self.start

    def scale(self, sigma: float, scale: float) -> float:
        """The layer's own scale within its range."""
        return self.cfg if self.acts(sigma) else scale


@dataclass(frozen=True)
class Course(Layer):
    """A guidance scale that changes from the first level to the last, between its own value and `last`.

    `bend` 1 is a straight line over the part of the way that is done; above it the change comes late.
    """

    last: float
    bend: float
    done: Callable[[float], float]

    def scale(self, sigma: float, scale: float) -> float:
        """The scale at this part of the way."""
        return scale + (self.last - scale) * self.done(sigma) ** self.bend if self.last != scale else scale


def layer(settings: Mapping[str, Any], model: ModelSampling) -> Layer:
    """The layer that a patch asks for, its moments (0..1) turned into the model's sigmas."""
    values = dict(settings)
    match values.pop("layer"):
        case "rescale":
            return Rescaled(**values)
        case "zero star":
            return ZeroStar()
        case "projected":
            return Projected(**values)
        case "perturbed":
            return Perturbed(values["amount"], values["perturbation"], *_range(values, model))
        case "override":
            return Overridden(values["cfg"], *_range(values, model))
        case "course":
            return Course(values["last"], values["bend"], lambda sigma: _done(sigma, model))
        case "ramp":
            return Ramp(values["least"], values["returns"])
        case unknown:
            found = correction(str(unknown), values, model)
            if found is not None:
                return found
            raise ValueError(f"no layer of guidance is called {unknown!r}")


def _range(values: Mapping[str, Any], model: ModelSampling) -> tuple[float, float]:
    """Where a layer acts: from the highest sigma to the lowest."""
    return model.percent_to_sigma(values["start"]), model.percent_to_sigma(values["end"])


def _done(sigma: float, model: ModelSampling) -> float:
    """How much of the way is done at a level, in the model's own time."""
    first, last = model.timestep(model.sigma_max), model.timestep(model.sigma_min)
    if sigma <= model.sigma_min:
        return 1.0
    return min(max((first - model.timestep(sigma)) / (first - last), 0.0), 1.0)
