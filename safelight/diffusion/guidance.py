"""Guidance: how the predictions for a positive and a negative prompt become one.

A *rule* says which sides it wants asked and makes one clean latent of a `Guess`, what they answered with
where they were asked. *Layers* are put on a rule, any number in any order: each may change what was said
before the rule is applied, blend two answers in its own way, or correct the result. `Guided` asks the
denoiser for what a rule needs: to a sampler it is simply a denoiser.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import torch
from torch import Tensor

from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.entry import Entry

POSITIVE, NEGATIVE = "positive", "negative"


@dataclass(frozen=True, eq=False)
class Guess:
    """What the model expects behind `x` at a sigma, by side."""

    x: Tensor
    sigma: float
    said: Mapping[str, Tensor]
    ask: Callable[..., Tensor]
    """What a side (the first) says when the network is perturbed (the second; "" for not), about `x` or
    another latent (the third); another call of the model."""
    looked: Callable[[str], Tensor] = lambda _side: torch.empty(0)
    """How much the middle of the network looks at each place [B, h, w] under a side; one more call."""

    @property
    def positive(self) -> Tensor:
        """What the positive prompt expects."""
        return self.said[POSITIVE]

    @property
    def negative(self) -> Tensor:
        """What the negative prompt expects."""
        return self.said[NEGATIVE]


class Layer:
    """A correction of guidance. What a layer does not override it leaves exactly as it is."""

    remembers = False
    """Whether what it does depends on what it did before, so that a run cannot be taken up half way."""

    def acts(self, sigma: float) -> bool:
        """Whether it may change anything at this sigma."""
        return True

    def scale(self, sigma: float, scale: float) -> float:
        """The guidance scale at this sigma."""
        return scale

    def asks_both(self, scale: float) -> bool:
        """Whether the negative prediction matters even if this scale is 1."""
        return False

    def before(self, guess: Guess, scale: float) -> Mapping[str, Tensor]:
        """What was said, or what to take for it."""
        return guess.said

    def blend(self, guess: Guess, toward: Tensor, away: Tensor, scale: float) -> Tensor | None:
        """The clean latent for two answers, or None to leave that to the layers below."""
        return None

    def after(self, guess: Guess, x0: Tensor, scale: float) -> Tensor:
        """The clean latent to go towards, given the one that the rule and the layers below found."""
        return x0


class Rule(Protocol):
    """How several predictions become one."""

    layers: tuple[Layer, ...]

    def sides(self, sigma: float) -> tuple[str, ...]:
        """The sides whose predictions matter at this sigma."""

    def numbers(self, sigma: float) -> tuple[float, ...]:
        """The rule's own settings as they hold at this sigma."""

    def __call__(self, guess: Guess) -> Tensor:
        """The clean latent to go towards."""


def blended(layers: Sequence[Layer], guess: Guess, toward: Tensor, away: Tensor, scale: float) -> Tensor:
    """Away from one answer towards another, `scale` times, unless a layer (the last first) knows better."""
    for layer in reversed(layers):
        x0 = layer.blend(guess, toward, away, scale)
        if x0 is not None:
            return x0
    return away + (toward - away) * scale


@dataclass(frozen=True)
class ClassifierFree:
    """Classifier-free guidance: away from the negative, `scale` times (Ho and Salimans, arXiv:2207.12598).

    A scale of 1 is the positive prediction itself, and the negative one is not computed.
    """

    scale: float
    layers: tuple[Layer, ...] = ()

    def _scale(self, sigma: float) -> float:
        scale = self.scale
        for layer in self.layers:
            scale = layer.scale(sigma, scale)
        return scale

    def sides(self, sigma: float) -> tuple[str, ...]:
        """Both, or the positive one where the scale is 1."""
        return (POSITIVE, NEGATIVE) if self._blends(self._scale(sigma)) else (POSITIVE,)

    def _blends(self, scale: float) -> bool:
        return not math.isclose(scale, 1.0) or any(layer.asks_both(scale) for layer in self.layers)

    def numbers(self, sigma: float) -> tuple[float, ...]:
        """The scale, as the layers have it."""
        return (self._scale(sigma),)

    def __call__(self, guess: Guess) -> Tensor:
        """The negative prediction plus `scale` times the difference."""
        scale = self._scale(guess.sigma)
        if NEGATIVE in guess.said:
            for layer in self.layers:
                guess = replace(guess, said=layer.before(guess, scale))
        if NEGATIVE in guess.said and self._blends(scale):
            x0 = blended(self.layers, guess, guess.positive, guess.negative, scale)
        else:
            x0 = guess.positive
        for layer in self.layers:
            x0 = layer.after(guess, x0, scale)
        return x0


@dataclass(frozen=True)
class Dual:
    """Two prompts, one on top of the other: `conds` between them, `negative` from the negative to the second.

    Regular: guidance from the negative to the second, plus the difference of the first (InstructPix2Pix,
    arXiv:2211.09800, equation 3). Nested: from the second to the first, and from the negative to that.
    """

    conds: float
    negative: float
    nested: bool = False
    layers: tuple[Layer, ...] = ()

    def sides(self, sigma: float) -> tuple[str, ...]:
        """All three, but those that a scale of 1 makes superfluous."""
        if not math.isclose(self.negative, 1.0):
            return (POSITIVE, "middle", NEGATIVE)
        return (POSITIVE,) if math.isclose(self.conds, 1.0) else (POSITIVE, "middle")

    def numbers(self, sigma: float) -> tuple[float, ...]:
        """Both scales; whether they are nested is the guider's style."""
        return self.conds, self.negative

    def __call__(self, guess: Guess) -> Tensor:
        """The clean latent of the three predictions."""
        if "middle" not in guess.said:
            return guess.positive
        middle, layers = guess.said["middle"], self.layers
        aim = guess.positive
        if self.nested:
            aim = middle = blended(layers, guess, aim, middle, self.conds)
        if NEGATIVE in guess.said:
            middle = blended(layers, guess, middle, guess.negative, self.negative)
        x0 = middle if self.nested else middle + (guess.positive - guess.said["middle"]) * self.conds
        for layer in layers:
            x0 = layer.after(guess, x0, self.conds)
        return x0


@dataclass(frozen=True)
class Perpendicular:
    """Perp-Neg: of the negative prompt only what is perpendicular to the positive one (arXiv:2304.04968).

    Both are taken as differences from what an empty prompt says.
    """

    scale: float
    neg_scale: float
    layers: tuple[Layer, ...] = ()

    def sides(self, sigma: float) -> tuple[str, ...]:
        """All three."""
        return (POSITIVE, NEGATIVE, "empty")

    def numbers(self, sigma: float) -> tuple[float, ...]:
        """The scale, and how much the negative prompt counts."""
        return self.scale, self.neg_scale

    def __call__(self, guess: Guess) -> Tensor:
        """The empty prediction plus `scale` times what remains of the difference."""
        empty = guess.said["empty"]
        toward, away = guess.positive - empty, guess.negative - empty
        along = (away * toward).sum() / toward.norm() ** 2
        x0 = empty + (toward - (away - toward * along) * self.neg_scale) * self.scale
        for layer in self.layers:
            x0 = layer.after(guess, x0, self.scale)
        return x0


@dataclass(frozen=True, eq=False)
class Guided:
    """A denoiser under several sides and a rule."""

    denoiser: Denoiser
    sides: Mapping[str, Sequence[Entry]]
    rule: Rule = field(default_factory=lambda: ClassifierFree(1.0))
    others: Mapping[str, Denoiser] = field(default_factory=dict)
    """Denoisers of their own for some of the sides."""

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """The clean latent to go towards from x at this sigma."""
        return self.rule(self._guess(x, sigma, self.rule.sides(sigma)))

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """The clean latent to go towards, and the one that the negative prompt expects; zeros without one."""
        guess = self._guess(x, sigma, tuple(dict.fromkeys((*self.rule.sides(sigma), NEGATIVE))))
        return self.rule(guess), guess.negative

    def _guess(self, x: Tensor, sigma: float, names: tuple[str, ...]) -> Guess:
        def ask(side: str, perturbation: str, about: Tensor = x) -> Tensor:
            return self._of(side)(about, sigma, [self.sides[side]], perturbation)[0]

        def looked(side: str) -> Tensor:
            with self._of(side).attending() as seen:
                ask(side, "")
            return seen[0][: len(x)]

        said: dict[str, Tensor] = {}
        for denoiser in dict.fromkeys(map(self._of, names)):
            mine = [name for name in names if self._of(name) is denoiser]
            answers = denoiser(x, sigma, [self.sides.get(name, ()) for name in mine])
            said |= zip(mine, answers, strict=True)
        return Guess(x, sigma, said, ask, looked)

    def _of(self, side: str) -> Denoiser:
        """The denoiser that answers for a side."""
        return self.others.get(side, self.denoiser)
