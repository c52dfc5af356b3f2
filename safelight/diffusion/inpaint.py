"""Inpainting with any model: what the mask keeps is put back, with the right noise, at every step.

After RePaint's forward half (Lugmayr et al. 2022, arXiv:2201.09865), with ComfyUI's choices: the kept part is
given the same noise at every level, and the prediction there is the latent itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from safelight.diffusion.denoiser import repeated
from safelight.diffusion.handle import ModelHandle, Patch
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
    rule: Differential | None = None
    """What the mask is at a sigma, where that changes."""

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        """The clean latent to go towards, which is the given one wherever the mask keeps it."""
        mask = self._mask(sigma)
        return self._kept(self.denoise(self._noised(x, sigma, mask), sigma), mask)

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """That, and what the negative prompt expects, wherever it is."""
        mask = self._mask(sigma)
        x0, negative = both(self.denoise, self._noised(x, sigma, mask), sigma)
        return self._kept(x0, mask), negative

    def _mask(self, sigma: float) -> Tensor:
        return self.mask if self.rule is None else self.rule(self.mask, sigma)

    def _noised(self, x: Tensor, sigma: float, mask: Tensor) -> Tensor:
        """The latent with, where the mask keeps it, its noise of this level."""
        kept = 1.0 - mask
        return x * mask + self.sampling.noised(self.latent, self.noise, sigma) * kept

    def _kept(self, x0: Tensor, mask: Tensor) -> Tensor:
        return x0 * mask + self.latent * (1.0 - mask)


MASK = "mask"
"""The kind of a model's patch that says how a mask changes during a run."""


@dataclass(frozen=True)
class Differential:
    """A mask of greys says when each place begins to change (Levin and Fried 2023, arXiv:2306.00950).

    A place is free from the moment at which no more of the way is left than its grey says. `strength` below 1
    mixes that with the grey mask itself; 0 is taken for 1, as in the reference.
    """

    sampling: ModelSampling
    first: float
    last: float
    strength: float = 1.0

    def __call__(self, mask: Tensor, sigma: float) -> Tensor:
        """The mask at this sigma."""
        start, end, now = map(self.sampling.timestep, (self.first, self.last, sigma))
        free = (mask >= (now - end) / max(start - end, TINY)).to(mask.dtype)
        if not 0.0 < self.strength < 1.0:
            return free
        return self.strength * free + (1.0 - self.strength) * mask


TINY = 1e-12
"""In place of the way of a run that stays at one level."""


def differential(model: ModelHandle, strength: float = 1.0) -> ModelHandle:
    """The same model, which takes the greys of a mask for moments."""
    return model.patched(Patch(MASK, settings=(("strength", strength),)))


def rule(model: ModelHandle, sampling: ModelSampling, sigmas: Tensor) -> Differential | None:
    """How a model has masks change during a run over these levels, if it does; its last word counts."""
    patches = [patch for patch in model.patches if patch.kind == MASK]
    if not patches:
        return None
    last = max(float(sigmas[-1]), sampling.sigma_min)
    return Differential(sampling, float(sigmas[0]), last, float(patches[-1]["strength"] or 0.0))


def latent_mask(mask: Tensor, shape: torch.Size) -> Tensor:
    """A mask of pixels ([B,] H, W) as one of cells, for a latent of this shape (B, C, h, w)."""
    mask = mask.reshape(-1, 1, *mask.shape[-2:]).float()
    mask = torch.nn.functional.interpolate(mask, size=shape[-2:], mode="bilinear")
    return repeated(mask, shape[0])
