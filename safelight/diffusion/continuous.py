"""Levels without a table: any sigma in a range, as the EDM family of models is trained (arXiv:2206.00364)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import torch
from torch import Tensor

from safelight.diffusion.sigma import BEYOND, Prediction, Scaling, scaling

Clock = Literal["logarithm", "angle"]
"""What the network is told: a quarter of log sigma (EDM), or the angle of velocity, 0 to 1."""

COUNT = 1000
"""How many levels stand for the range where a schedule wants a table."""


@dataclass(frozen=True)
class ContinuousSampling:
    """Levels from `sigma_min` to `sigma_max` for clean latents of standard deviation `sigma_data`."""

    prediction: Prediction = "v"
    sigma_min: float = 0.002
    sigma_max: float = 120.0
    sigma_data: float = 1.0
    clock: Clock = "logarithm"
    flow: ClassVar[bool] = False

    @cached_property
    def sigmas(self) -> Tensor:
        """Levels evenly spaced in log sigma over the range, float32 on the CPU, ascending."""
        return torch.linspace(math.log(self.sigma_min), math.log(self.sigma_max), COUNT).exp()

    def timestep(self, sigma: float) -> float:
        """What the network is told for this sigma."""
        level = torch.tensor(sigma, dtype=torch.float32)
        if self.clock == "angle":
            return float(level.atan() / math.pi * 2)
        return float(0.25 * level.log())

    def sigma(self, timestep: float) -> float:
        """The level of a timestep."""
        time = torch.tensor(timestep, dtype=torch.float32)
        if self.clock == "angle":
            return float((time * math.pi * 0.5).tan())
        return float((time / 0.25).exp())

    def percent_to_sigma(self, percent: float) -> float:
        """The level at a part of the way (0 is the start, pure noise; 1 is the end), even in log sigma."""
        if percent <= 0.0:
            return BEYOND
        if percent >= 1.0:
            return 0.0
        low, high = math.log(self.sigma_min), math.log(self.sigma_max)
        return math.exp((high - low) * (1.0 - percent) + low)

    def scaling(self, sigma: float) -> Scaling:
        """How input and output are scaled at this sigma."""
        return scaling(self.prediction, sigma, self.sigma_data)

    def noised(self, latent: Tensor, noise: Tensor, sigma: float, *, whole: bool = False) -> Tensor:
        """A clean latent with noise of this level, of the variance `1 + sigma^2` at the highest."""
        return latent + noise * (math.sqrt(1.0 + sigma * sigma) if whole else sigma)

    def finished(self, x: Tensor, sigma: float) -> Tensor:
        """The latent as it is."""
        return x
