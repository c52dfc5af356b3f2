"""Latent consistency models: distilled to some of the levels of a discrete model (arXiv:2310.04378)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from safelight.diffusion.sigma import DiscreteSampling, Scaling

LEVELS = 50
"""At how many of the original levels the model was distilled."""

DATA, STRETCH = 0.5, 10.0
"""The paper's boundary condition: the spread of the data, and by how much timesteps are stretched in it."""


@dataclass(frozen=True, eq=False)
class DistilledSampling(DiscreteSampling):
    """Every twentieth level of a model with a thousand, predicting noise with a skip at the boundary."""

    @cached_property
    def _stride(self) -> int:
        return len(self.alphas_cumprod) // LEVELS

    @cached_property
    def _levels(self) -> Tensor:
        """The distilled ones among the original levels, float64."""
        alphas = self.alphas_cumprod.detach().cpu().double()
        levels = ((1 - alphas) / alphas).sqrt()
        kept = len(levels) - 1 - torch.arange(LEVELS) * self._stride
        return levels[kept].flip(0)

    def timestep(self, sigma: float) -> float:
        """The original index of the nearest distilled level."""
        return super().timestep(sigma) * self._stride + self._stride - 1

    def sigma(self, timestep: float) -> float:
        """The level at an original index."""
        return super().sigma((timestep - (self._stride - 1)) / self._stride)

    def percent_to_sigma(self, percent: float) -> float:
        """The level at a part of the way of the original model."""
        if not 0.0 < percent < 1.0:
            return super().percent_to_sigma(percent)
        return self.sigma((1.0 - percent) * (len(self.alphas_cumprod) - 1))

    def scaling(self, sigma: float) -> Scaling:
        """The prediction from the noise, faded into the input itself towards timestep zero."""
        time = self.timestep(sigma) * STRETCH
        skip, out = DATA**2 / (time**2 + DATA**2), time / (time**2 + DATA**2) ** 0.5
        return Scaling(super().scaling(sigma).in_, skip + out, -sigma * out)
