"""Guidance: how the predictions for a positive and a negative prompt become one.

A *rule* makes one clean latent of a `Guess`, both predictions with where they were made. `ClassifierFree` is
the plain one; others wrap a rule and correct what it says. `Guided` asks the denoiser for what the rule
needs: to a sampler it is simply a denoiser.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from torch import Tensor

from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.entry import Entry


class Guess(NamedTuple):
    """What the model expects behind `x` at a sigma, under each prompt."""

    x: Tensor
    sigma: float
    positive: Tensor
    negative: Tensor


class Rule(Protocol):
    """How two predictions become one."""

    def needs_negative(self, sigma: float) -> bool:
        """Whether the negative prediction matters at this sigma."""

    def __call__(self, guess: Guess) -> Tensor:
        """The clean latent to go towards."""


@dataclass(frozen=True)
class ClassifierFree:
    """Classifier-free guidance: away from the negative, `scale` times (Ho and Salimans, arXiv:2207.12598).

    A scale of 1 is the positive prediction itself, and the negative one is not computed.
    """

    scale: float

    def needs_negative(self, sigma: float) -> bool:
        """Whether the scale differs from 1."""
        return not math.isclose(self.scale, 1.0)

    def __call__(self, guess: Guess) -> Tensor:
        """The negative prediction plus `scale` times the difference."""
        return guess.negative + (guess.positive - guess.negative) * self.scale


@dataclass(frozen=True, eq=False)
class Guided:
    """A denoiser under a positive and a negative prompt and a rule."""

    denoiser: Denoiser
    positive: Sequence[Entry]
    negative: Sequence[Entry]
    rule: Rule

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """The clean latent to go towards from x at this sigma."""
        if not self.rule.needs_negative(sigma):
            return self.denoiser(x, sigma, [self.positive])[0]
        return self.both(x, sigma)[0]

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """The clean latent to go towards, and the one that the negative prompt expects."""
        positive, negative = self.denoiser(x, sigma, [self.positive, self.negative])
        return self.rule(Guess(x, sigma, positive, negative)), negative
