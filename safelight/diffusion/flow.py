"""Flow matching: a straight way from noise to picture, on which sigma is the share of noise.

Lipman et al. 2022, arXiv:2210.02747; Liu et al. 2022, arXiv:2209.03003. The network predicts the velocity,
noise minus picture. A *shift* spends more of the steps near the noise, which larger pictures need.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import torch
from torch import Tensor

from safelight.diffusion.sigma import Scaling

Curve = Literal["ratio", "exponential"]
"""How time is bent: the ratio of noise to picture is multiplied by the shift (Stable Diffusion 3, Esser et
al. 2024, arXiv:2403.03206, section 5.3.2), or by its exponential (Flux)."""


@dataclass(frozen=True)
class FlowSampling:
    """A flow with a table of so many trained levels; the network is told sigma times `multiplier`."""

    shift: float = 1.0
    curve: Curve = "ratio"
    multiplier: float = 1000.0
    count: int = 1000
    flow: ClassVar[bool] = True

    @cached_property
    def sigmas(self) -> Tensor:
        """The levels that the model was trained at, float32 on the CPU, ascending."""
        return self._bent(torch.arange(1, self.count + 1) / self.count)

    @cached_property
    def sigma_min(self) -> float:
        """The lowest level, above zero."""
        return float(self.sigmas[0])

    @cached_property
    def sigma_max(self) -> float:
        """The highest level: nothing but noise."""
        return float(self.sigmas[-1])

    def timestep(self, sigma: float) -> float:
        """What the network is told for this sigma."""
        return sigma * self.multiplier

    def sigma(self, timestep: float) -> float:
        """The level of a timestep, which is time times the multiplier and not bent yet."""
        return float(self._bent(torch.tensor(timestep, dtype=torch.float32) / self.multiplier))

    def percent_to_sigma(self, percent: float) -> float:
        """The level at a part of the way (0 is the start, pure noise; 1 is the end)."""
        if percent <= 0.0:
            return 1.0
        if percent >= 1.0:
            return 0.0
        return float(self._bent(torch.tensor(1.0 - percent, dtype=torch.float64)))

    def _bent(self, times: Tensor) -> Tensor:
        """The shares of noise at times from 0 (picture) to 1 (noise)."""
        if self.curve == "exponential":
            return math.exp(self.shift) / (math.exp(self.shift) + (1.0 / times - 1.0))
        if self.shift == 1.0:
            return times
        return self.shift * times / (1.0 + (self.shift - 1.0) * times)

    def scaling(self, sigma: float) -> Scaling:
        """The input is taken as it is; the picture lies sigma times the velocity away."""
        return Scaling(1.0, 1.0, -sigma)

    def noised(self, latent: Tensor, noise: Tensor, sigma: float, *, whole: bool = False) -> Tensor:
        """The mixture of a clean latent and noise at this level."""
        return sigma * noise + (1.0 - sigma) * latent

    def finished(self, x: Tensor, sigma: float) -> Tensor:
        """The latent with its picture at full scale again."""
        return x / (1.0 - sigma)


def shift_for(width: int, height: int, smallest: float = 0.5, largest: float = 1.15) -> float:
    """Flux's exponent for a picture of this size in pixels: `smallest` at 256 a side, `largest` at 1024.

    In between, and beyond, it is linear in the number of cells of 16 x 16 pixels.
    """
    rise = (largest - smallest) / (4096 - 256)
    return width * height / (8 * 8 * 2 * 2) * rise + smallest - rise * 256
