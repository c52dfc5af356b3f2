"""Trails: what the states of a run depend on, step by step, so that another run can go on from one of them.

The state after step k of a run depends on its *root* (model, plan, sampler, noise, latent, mask: all that
holds at every step), on its levels (those up to k, or all of them where the sampler looks ahead), and on what
guided it at each level at which the model was asked. Those levels are not derived but kept with the state:
by induction another run with the same root, the same levels and the same guidance at them takes the same
steps up to there, whatever it does later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor

from safelight.diffusion.fingerprint import fingerprint
from safelight.diffusion.sampler.state import Denoise, both
from safelight.diffusion.voice import Voices


@dataclass(frozen=True, eq=False)
class Trail:
    """What tells the states of a run from those of others."""

    root: str
    sigmas: Tensor
    depends: Literal["causal", "schedule"]
    voices: Voices

    def about(self, step: int, asked: Sequence[float]) -> dict[str, Any]:
        """All that the state after `step` depends on, given the levels at which the model was asked."""
        levels = self.sigmas if self.depends == "schedule" else self.sigmas[: step + 1]
        return {
            "step": step,
            "levels": fingerprint(levels),
            "asked": list(asked),
            "said": self.voices.digest(asked),
        }

    def fits(self, about: Mapping[str, Any]) -> bool:
        """Whether a state that another run's trail says this about is one of this run, too."""
        try:
            step, asked = about["step"], [float(level) for level in about["asked"]]
            return 0 < step < len(self.sigmas) and about == self.about(step, asked)
        except (KeyError, TypeError, ValueError):
            return False


@dataclass(eq=False)
class Heard:
    """A denoiser that takes note of the levels at which it is asked."""

    denoise: Denoise
    asked: list[float] = field(default_factory=list)

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """What the denoiser says."""
        self._note(sigma)
        return self.denoise(x, sigma)

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """What it says, and what the negative prompt expects."""
        self._note(sigma)
        return both(self.denoise, x, sigma)

    def _note(self, sigma: float) -> None:
        if not self.asked or self.asked[-1] != sigma:
            self.asked.append(sigma)
