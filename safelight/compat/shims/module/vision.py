"""`comfy.clip_vision`: what packs name of picture encoders."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.absent import absent, refusal

MEAN = (0.48145466, 0.4578275, 0.40821073)
SPREAD = (0.26862954, 0.26130258, 0.27577711)


class Output:
    """What an encoder saw, by attribute and by name."""

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)

    def __setitem__(self, key: str, item: Any) -> None:
        setattr(self, key, item)


def clip_preprocess(
    image: Tensor, size: int = 224, mean: Any = MEAN, std: Any = SPREAD, crop: bool = True
) -> Tensor:
    pixels = image[..., :3].movedim(-1, 1).float()
    if pixels.shape[-2:] != (size, size):
        rows, columns = pixels.shape[-2:]
        scale = size / min(rows, columns)
        goal = (round(rows * scale), round(columns * scale)) if crop else (size, size)
        pixels = torch.nn.functional.interpolate(pixels, size=goal, mode="bicubic", antialias=True)
        top, left = (goal[0] - size) // 2, (goal[1] - size) // 2
        pixels = pixels[..., top : top + size, left : left + size]
    pixels = (255.0 * pixels).clamp(0, 255).round() / 255.0
    shape = (3, 1, 1)
    return (pixels - torch.tensor(mean).reshape(shape)) / torch.tensor(std).reshape(shape)


def load(ckpt_path: Any) -> Any:
    raise refusal("comfy.clip_vision.load")


class ClipVisionModel:
    """Not offered; a name to be recognised by."""


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.clip_vision.{name}")
