"""Inpainting with any model: what the mask keeps is put back, with the right noise, at every step.

After RePaint's forward half (Lugmayr et al. 2022, arXiv:2201.09865), with ComfyUI's choices: the kept part is
given the same noise at every level, and the prediction there is the latent itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from safelight.diffusion.denoiser import repeated
from safelight.diffusion.sampler.state import Denoise, both
from safelight.diffusion.sigma import ModelSampling


@dataclass(frozen=True, eq=False)
class Inpainted:
    """A denoiser that repaints a latent where the mask is one and keeps it where the mask is zero."""

    denoise: Denoise
    sampling: ModelSampling
    mask: Tensor
    latent: Tensor
    noise: Tensor

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """The clean latent to go towards, which is the given one wherever the mask keeps it."""
        return self._kept(self.denoise(self._noised(x, sigma), sigma))

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """That, and what the negative prompt expects, wherever it is."""
        x0, negative = both(self.denoise, self._noised(x, sigma), sigma)
        return self._kept(x0), negative

    def _noised(self, x: Tensor, sigma: float) -> Tensor:
        """The latent with, where the mask keeps it, its noise of this level."""
        kept = 1.0 - self.mask
        return x * self.mask + self.sampling.noised(self.latent, self.noise, sigma) * kept

    def _kept(self, x0: Tensor) -> Tensor:
        return x0 * self.mask + self.latent * (1.0 - self.mask)


def latent_mask(mask: Tensor, shape: torch.Size) -> Tensor:
    """A mask of pixels ([B,] H, W) as one of cells, for a latent of this shape (B, C, h, w)."""
    mask = mask.reshape(-1, 1, *mask.shape[-2:]).float()
    mask = torch.nn.functional.interpolate(mask, size=shape[-2:], mode="bilinear")
    return repeated(mask, shape[0])
