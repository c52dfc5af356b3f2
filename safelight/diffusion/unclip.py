"""Pictures as a part of the prompt: what unCLIP models are told of what an encoder saw.

The vector of a picture gets noise, since the models were trained on noisy ones, and says beside how much.
Ramesh et al. 2022, arXiv:2204.06125; the levels are those of Nichol and Dhariwal 2021, arXiv:2102.09672.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.conditioning import Conditioning
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.roughness import SMALL
from safelight.diffusion.seen import Seen

KEY, SEED = "unclip_conditioning", "unclip_seed"
"""What an entry of a conditioning calls its pictures, and the seed of the run that it is in."""
LEVELS = 1000
MERGED = 0.05
"""The noise that several pictures get once more when they have been added up."""
OFFSET = 10
"""How far the seed of this noise lies before that of the run."""
SLOWEST = 10_000
"""The longest wave that a level is written in."""
MOST = 0.999


def told(conditioning: Conditioning, seen: Seen, strength: float, noise: float) -> Conditioning:
    """A conditioning with one more picture; `noise` 0..1 is how little the model is to rely on it."""
    if not strength:
        return conditioning
    one = {"clip_vision_output": seen, "strength": strength, "noise_augmentation": noise}
    return [[tensor, {**options, KEY: [*options.get(KEY, ()), one]}] for tensor, options in conditioning]


def seeded(sides: Mapping[str, Conditioning], seed: int) -> dict[str, Conditioning]:
    """The sides of a run, each entry that speaks of pictures, or of small ones, with the run's seed."""
    return {
        name: [[t, {**o, SEED: seed} if KEY in o or SMALL in o else o] for t, o in side] if side else side
        for name, side in sides.items()
    }


@dataclass(frozen=True, eq=False)
class Augmentation:
    """How a model wants pictures told; vectors were normed by `mean` and `spread` [D] when it was trained."""

    width: int
    mean: Tensor
    spread: Tensor

    def labels(self, entry: Mapping[str, Any]) -> Tensor:
        """What the model is told, [1, 2 D]: nothing at all, one picture, or the sum of several."""
        seed = int(entry.get(SEED, 0)) - OFFSET
        made = [
            self._label(vector[None], one["noise_augmentation"], seed) * one["strength"]
            for one in entry.get(KEY, ())
            for vector in self._vectors(one["clip_vision_output"])
        ]
        if not made:
            return torch.zeros(1, 2 * self.width)
        if len(made) == 1:
            return made[0]
        return self._label(torch.stack(made).sum(0)[:, : self.width], MERGED, seed)

    def _vectors(self, seen: Seen) -> Tensor:
        vectors = seen.image_embeds.float().cpu()
        if vectors.shape[-1] != self.width:
            raise UnsupportedError(
                f"This unCLIP model takes pictures of {self.width} numbers, the encoder gave "
                f"{vectors.shape[-1]}",
                "Encode them with the encoder that Load unCLIP Checkpoint gives.",
            )
        return vectors

    def _label(self, vector: Tensor, noise: float, seed: int) -> Tensor:
        level = round((LEVELS - 1) * noise)
        kept = alphas()[level]
        drawn = torch.randn(vector.shape, generator=torch.Generator().manual_seed(seed))
        normed = (vector - self.mean) / self.spread
        noisy = normed * kept.sqrt() + drawn * (1.0 - kept).sqrt()
        return torch.cat([noisy * self.spread + self.mean, waves(level, self.width)], dim=1)


@cache
def alphas() -> Tensor:
    """What is left of a vector's square at each level: a squared cosine."""

    def left(part: float) -> float:
        return math.cos((part + 0.008) / 1.008 * math.pi / 2) ** 2

    steps = [1 - left((step + 1) / LEVELS) / left(step / LEVELS) for step in range(LEVELS)]
    return torch.cumprod(1.0 - torch.tensor(steps).clamp(max=MOST), dim=0)


def waves(level: float, width: int) -> Tensor:
    """A level as cosines and sines of falling frequency, [1, width]."""
    half = width // 2
    angles = level * torch.exp(-math.log(SLOWEST) * torch.arange(half, dtype=torch.float32) / half)
    return torch.cat([angles.cos(), angles.sin()])[None]
