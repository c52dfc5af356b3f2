"""Guidance that differs from picture to picture of a batch.

Blattmann et al. 2023 (Stable Video Diffusion, arXiv:2311.15127, section 4.2) let guidance rise over a film's
frames; with a triangle it falls again, so that the last frame fits the first.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from safelight.diffusion.guidance import Guess, Layer


@dataclass(frozen=True)
class Ramp(Layer):
    """A scale for each picture: from `least` to the guider's, or there and back with `returns`."""

    least: float
    returns: bool

    def asks_both(self, scale: float) -> bool:
        """Whether the negative prompt counts for any picture although the guider's scale is 1."""
        return self.least != scale

    def blend(self, guess: Guess, toward: Tensor, away: Tensor, scale: float) -> Tensor | None:
        """Away from one answer towards the other, each picture by its own scale."""
        if self.least == scale:
            return None
        way = torch.linspace(0.0, 1.0, len(toward), dtype=torch.float64)
        if self.returns:
            way = 1.0 - (2.0 * way - 1.0).abs()
        scales = (self.least + (scale - self.least) * way).to(toward)
        return away + (toward - away) * scales.reshape(-1, *(1,) * (toward.ndim - 1))
