"""Further layers of guidance: small formulas that damp, bound or filter what guidance does.

They are made by `layer.layer`, as those in `layer` are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity, interpolate

from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.filter import convolved, gaussian
from safelight.diffusion.guidance import NEGATIVE, POSITIVE, Guess, Layer
from safelight.diffusion.operation import Sharpen, Tonemap
from safelight.diffusion.sigma import ModelSampling


@dataclass(frozen=True)
class Biased(Layer):
    """Guidance in the direction of the positive prompt alone where the two prompts disagree (Mahiro, 2025).

    The less the guided and the negative prediction look alike, the more of the scaled positive one is taken.
    """

    def after(self, guess: Guess, x0: Tensor, scale: float) -> Tensor:
        """The result, mixed with the scaled positive prediction by how unlike the negative one it is."""
        if NEGATIVE not in guess.said:
            return x0
        leap = guess.positive * scale
        ours, theirs = (_rooted(one) for one in ((leap + x0) / 2, guess.negative * scale))
        alike = (cosine_similarity(theirs, ours).mean() + 1) / 2
        return leap + (x0 - leap) * alike


def _rooted(values: Tensor) -> Tensor:
    return values.abs().sqrt() * values.sign()


@dataclass(frozen=True)
class Bounded(Layer):
    """No cell of the result is longer than that of the positive prediction; then all is `strength` times."""

    strength: float

    def after(self, guess: Guess, x0: Tensor, scale: float) -> Tensor:
        """The result with its long cells shortened."""
        wanted, found = (one.norm(dim=1, keepdim=True) for one in (guess.positive, x0))
        return x0 * (wanted / (found + 1e-8)).clamp(max=1.0) * self.strength


@dataclass(frozen=True)
class Tangential(Layer):
    """TCFG: what the negative prompt says beside the direction common to both is left out.

    (Kwon et al. 2025, arXiv:2503.18137.) The direction is the first right singular vector of both.
    """

    def before(self, guess: Guess, scale: float) -> Mapping[str, Tensor]:
        """The negative prediction along that direction alone."""
        away, toward = ((guess.x - one).flatten(1).float() for one in (guess.negative, guess.positive))
        common = torch.linalg.svd(torch.stack([away, toward], dim=1), full_matrices=False).Vh[:, 0]
        along = (away * common).sum(1, keepdim=True) * common
        return {**guess.said, NEGATIVE: guess.x - along.reshape(guess.x.shape).to(guess.x.dtype)}


@dataclass(frozen=True)
class Renormed(Layer):
    """Guidance below the level `trunc` alone, the result at most `bound` times as long as the positive one.

    As Lumina 2 uses it (Qin et al. 2025, arXiv:2503.21758). A bound of 0 does not.
    """

    trunc: float
    bound: float

    def blend(self, guess: Guess, toward: Tensor, away: Tensor, scale: float) -> Tensor | None:
        """The blend of the two, shortened; above the level the positive one."""
        if guess.sigma >= self.trunc:
            return toward
        x0 = away + (toward - away) * scale
        if not self.bound:
            return x0
        edges = tuple(range(1, x0.ndim))
        longest, found = (torch.linalg.vector_norm(one, dim=edges, keepdim=True) for one in (toward, x0))
        return x0 * (longest * self.bound / found).clamp(max=1.0)


@dataclass(frozen=True)
class NoiseScaled(Layer):
    """Epsilon scaling: the predicted noise is divided by `factor` (Ning et al. 2023, arXiv:2308.15321).

    It makes up for networks seeing inputs in sampling that differ from those in training.
    """

    factor: float

    def after(self, guess: Guess, x0: Tensor, scale: float) -> Tensor:
        """The clean latent that less noise leaves."""
        return x0 if self.factor == 1.0 else guess.x - (guess.x - x0) / self.factor


@dataclass(frozen=True)
class Rescored(Layer):
    """Temporal score rescaling: steers how diverse results are (arXiv:2510.01184, equation 6).

    With `k` below 1 details gain, above 1 results are smoother; `sigma` says how early it acts.
    """

    k: float
    sigma: float
    flow: bool

    def after(self, guess: Guess, x0: Tensor, scale: float) -> Tensor:
        """The clean latent for the rescaled score."""
        alpha = 1.0 - guess.sigma if self.flow else 1.0
        if self.k == 1.0 or not guess.sigma or alpha <= 0.0:
            return x0
        share = (alpha / guess.sigma) ** 2 * self.sigma**2
        ratio = (share + 1) / (share / self.k + 1) if math.isfinite(share) else self.k
        return torch.lerp(guess.x / alpha, x0, ratio)


@dataclass(frozen=True)
class Sifted(Layer):
    """FreSca: guidance is scaled apart in its low and its high frequencies (arXiv:2504.02154)."""

    low: float
    high: float
    cutoff: int
    """How many frequencies on either side of the lowest are low."""

    def before(self, guess: Guess, scale: float) -> Mapping[str, Tensor]:
        """The positive prediction moved so that guidance has its frequencies scaled."""
        if self.low == self.high == 1.0:
            return guess.said
        waves = torch.fft.fftshift(
            torch.fft.fftn((guess.positive - guess.negative).float(), dim=(-2, -1)), (-2, -1)
        )
        factors = torch.full(waves.shape[-2:], self.high, device=waves.device)
        rows, columns = (
            slice(max(0, edge // 2 - self.cutoff), edge // 2 + min(self.cutoff, edge // 2))
            for edge in waves.shape[-2:]
        )
        factors[rows, columns] = self.low
        sifted = torch.fft.ifftn(torch.fft.ifftshift(waves * factors, (-2, -1)), dim=(-2, -1)).real
        return {**guess.said, POSITIVE: guess.negative + sifted.to(guess.positive.dtype)}


@dataclass(frozen=True)
class Operated(Layer):
    """An operation on latents, done to guidance; to the prediction itself where there is no guidance."""

    operation: Callable[..., Tensor]

    def before(self, guess: Guess, scale: float) -> Mapping[str, Tensor]:
        """The positive prediction moved so that guidance is the operation's result."""
        change: Tensor = self.operation(latent=guess.positive - guess.negative)
        return {**guess.said, POSITIVE: guess.negative + change}

    def after(self, guess: Guess, x0: Tensor, scale: float) -> Tensor:
        """The result, but where only the positive prompt was asked the operation's."""
        return x0 if NEGATIVE in guess.said else self.operation(latent=x0)


@dataclass(frozen=True)
class SelfAttending(Layer):
    """Self-attention guidance (SAG: Hong et al. 2022, arXiv:2210.00939).

    Where the middle of the network looks most, the negative prediction is blurred; the result goes away from
    what the model makes of that. It acts where a negative prompt is asked, and takes two calls more.
    """

    amount: float
    blur: float

    def after(self, guess: Guess, x0: Tensor, scale: float) -> Tensor:
        """The result plus `amount` times the difference of the blurred latent and what is seen in it."""
        if not self.amount or NEGATIVE not in guess.said or min(x0.shape[-2:]) <= RADIUS:
            return x0
        clear = guess.negative
        looked = (guess.looked(NEGATIVE) > 1.0).to(clear.dtype)[:, None]
        mask = interpolate(looked, clear.shape[-2:])
        degraded = torch.lerp(clear, _blurred(clear, self.blur), mask)
        seen = guess.ask(NEGATIVE, "", degraded + guess.x - clear)
        return x0 + (degraded - seen) * self.amount


RADIUS = 4


def _blurred(latent: Tensor, sigma: float) -> Tensor:
    if not sigma:
        return latent
    line = gaussian(RADIUS, sigma)
    for axis in (-2, -1):
        latent = convolved(latent, line, axis)
    return latent


OPERATIONS = {"tonemap": Tonemap, "sharpen": Sharpen}


def described(operation: object) -> dict[str, Any]:
    """An operation on latents as settings; `UnsupportedError` for one of a plugin."""
    for name, kind in OPERATIONS.items():
        if isinstance(operation, kind):
            return {"operation": name, **asdict(operation)}
    raise UnsupportedError(
        f"A {type(operation).__name__} cannot be done to guidance", "Use one of the operations that ship."
    )


def correction(name: str, values: dict[str, Any], model: ModelSampling) -> Layer | None:
    """The layer of this name with these settings, or None if it is none of these."""
    match name:
        case "rescored":
            return Rescored(**values, flow=model.flow)
        case "operated":
            return Operated(OPERATIONS[values.pop("operation")](**values))
        case _:
            return MADE[name](**values) if name in MADE else None


MADE: Mapping[str, Callable[..., Layer]] = {
    "biased": Biased,
    "bounded": Bounded,
    "tangential": Tangential,
    "renormed": Renormed,
    "noise scaled": NoiseScaled,
    "sifted": Sifted,
    "self-attending": SelfAttending,
}
