"""Models that enlarge pictures: they see a small one beside the latent, and are told how rough it is.

Rombach et al. 2022, arXiv:2112.10752; noise on what a model is to enlarge: Ho et al. 2021, arXiv:2106.15282.
A conditioning's dict holds the picture as `concat_image` [B, 3, h, w] in -1..1, a pixel for each cell of the
latent, and `noise_augmentation` (0..1 of the highest level).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from safelight.diffusion.denoiser import repeated
from safelight.diffusion.resize import resize

if TYPE_CHECKING:
    from safelight.diffusion.companion import Told
    from safelight.diffusion.conditioning import Conditioning

SMALL, ROUGH = "concat_image", "noise_augmentation"
"""What an entry of a conditioning calls the picture and how rough it is to be."""
FACTOR = 4
"""Pixels of the large picture to one of the small, and to a cell of the latent."""
OFFSET = 10
"""How far the seed of this noise lies before that of the run."""


def enlarging(
    positive: Conditioning, negative: Conditioning, pixels: Tensor, scale: float, rough: float
) -> Told:
    """Pictures [B, H, W, C] for a model that enlarges them so many times, and an empty latent."""
    from safelight.diffusion.companion import Told

    height, width = (max(FACTOR, round(edge * scale)) // FACTOR for edge in pixels.shape[1:3])
    small = pixels[..., :3].movedim(-1, 1).float() * 2.0 - 1.0
    seen = {SMALL: resize(small, width, height, "bilinear", "center"), ROUGH: rough}
    sides = ([[tensor, {**options, **seen}] for tensor, options in side] for side in (positive, negative))
    latent = {"samples": torch.zeros(len(pixels), 4, height, width), "downscale_ratio_spatial": FACTOR}
    return Told(*sides, latent)


@dataclass(frozen=True, eq=False)
class Roughness:
    """How a model was trained to see small pictures: what is left of their square at each level of noise."""

    alphas: Tensor
    highest: int
    """The highest level that it was trained with."""

    def told(self, entry: Mapping[str, Any], latent: Tensor) -> dict[str, Tensor]:
        """What is seen beside the latent [B, C, h, w] for an entry's dict, grey if it has none; the level."""
        from safelight.diffusion.unclip import SEED

        level = round(self.highest * entry.get(ROUGH, 0.0))
        small = entry.get(SMALL)
        if small is None:
            small = torch.zeros(1, 3, *latent.shape[-2:])
        small = resize(small.float().cpu(), latent.shape[-1], latent.shape[-2], "bilinear", "center")
        if level:
            generator = torch.Generator().manual_seed(int(entry.get(SEED, 0)) - OFFSET)
            kept = self.alphas[level]
            small = small * kept.sqrt() + torch.randn(small.shape, generator=generator) * (1.0 - kept).sqrt()
        return {"beside": repeated(small, len(latent)), "class_labels": torch.tensor([level])}
