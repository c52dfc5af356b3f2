"""Operations on latents, as values that nodes pass on: called with `latent=`, [B, C, h, w] to the same."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from safelight.diffusion.filter import sharpened


@dataclass(frozen=True)
class Tonemap:
    """Reinhard's tone mapping of vector lengths: strong ones are held back, weak ones stay.

    (Reinhard et al. 2002.) The bound is the mean plus five standard deviations, times `multiplier`.
    """

    multiplier: float = 1.0

    def __call__(self, latent: Tensor) -> Tensor:
        """The latent with its vectors' lengths mapped."""
        length = latent.norm(dim=1, keepdim=True) + 1e-10
        over = (1, 2, 3)
        top = (length.std(dim=over, keepdim=True) * 5 + length.mean(dim=over, keepdim=True)) * self.multiplier
        part = length / top
        return latent / length * (part / (part + 1) * top)


@dataclass(frozen=True)
class Sharpen:
    """Unsharp masking of vector directions; lengths stay."""

    radius: int = 9
    sigma: float = 1.0
    strength: float = 0.1

    def __call__(self, latent: Tensor) -> Tensor:
        """The latent with harder edges."""
        length = latent.norm(dim=1, keepdim=True) + 1e-6
        return sharpened(latent / length, self.radius, self.sigma, self.strength) * length
