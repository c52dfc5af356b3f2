"""Working on levels that are there: reading, turning round, splitting, refining, drawing a picture."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
FLIPPED = 1e-4
"""What a zero becomes when it is turned to the front: a run cannot start without any noise."""

Spacing = Literal["linear", "cosine", "sine"]
"""How new levels lie between two: evenly, dense near the lower, or dense near the higher."""


def written(text: str) -> Tensor:
    """The numbers in a text."""
    return torch.tensor([float(found) for found in NUMBER.findall(text)], dtype=torch.float32)


def flipped(sigmas: Tensor) -> Tensor:
    """From the last to the first."""
    turned = sigmas.flip(0)
    if len(turned) and turned[0] == 0.0:
        turned[0] = FLIPPED
    return turned


def split(sigmas: Tensor, step: int) -> tuple[Tensor, Tensor]:
    """Before and after a step; the level there belongs to both."""
    return sigmas[: step + 1], sigmas[step:]


def split_by_strength(sigmas: Tensor, denoise: float) -> tuple[Tensor, Tensor]:
    """Before and after the point from which this part (0..1) of the steps is left."""
    left = round(max(len(sigmas) - 1, 0) * denoise)
    return sigmas[:-left] if left else sigmas[:0], sigmas[-(left + 1) :]


def with_first(sigmas: Tensor, sigma: float) -> Tensor:
    """With another first level, if there is one."""
    changed = sigmas.clone()
    changed[:1] = sigma
    return changed


def refined(
    sigmas: Tensor, steps: int, start: float = math.inf, end: float = 0.0, spacing: Spacing = "linear"
) -> Tensor:
    """With each step that begins between two levels divided into so many."""
    parts = torch.linspace(0, 1, steps + 1)[1:-1]
    if spacing == "cosine":
        parts = (parts * math.pi / 2).sin()
    elif spacing == "sine":
        parts = 1 - (parts * math.pi / 2).cos()
    pieces = []
    for level, after in pairwise(sigmas):
        pieces.append(level.reshape(1))
        if end <= float(level) <= start:
            pieces.append(parts * (after - level) + level)
    return torch.cat([*pieces, sigmas[-1:]])


def plot(sigmas: Tensor, width: int = 512, height: int = 384, *, logarithmic: bool = False) -> Tensor:
    """A picture [1, height, width, 3] of the levels over the steps, a dot each, joined by lines.

    The highest and the lowest level stand at the side. A logarithmic picture has no place for zero, which is
    drawn at the bottom.
    """
    import numpy as np
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (width, height), (24, 24, 27))
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = 64, 20, width - 20, height - 32
    draw.line([(left, top), (left, bottom), (right, bottom)], fill=(113, 113, 122))
    points = _points(sigmas, (left, top, right, bottom), logarithmic)
    for level, place in _marks(sigmas, points):
        draw.text((6, place - 6), f"{level:.4g}", fill=(212, 212, 216))
    draw.text((left, bottom + 10), f"{max(len(sigmas) - 1, 0)} steps", fill=(212, 212, 216))
    if len(points) > 1:
        draw.line(points, fill=(248, 113, 113), width=2)
    for x, y in points:
        draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=(254, 202, 202))
    return torch.from_numpy(np.asarray(picture, dtype=np.float32) / 255.0)[None]


def _points(sigmas: Tensor, box: tuple[int, int, int, int], logarithmic: bool) -> list[tuple[float, float]]:
    """Where each level lies in a box of pixels (left, top, right, bottom)."""
    left, top, right, bottom = box
    levels = sigmas.double()
    if logarithmic and bool((levels > 0).any()):
        levels = levels.clamp(min=float(levels[levels > 0].min()) / 2).log()
        levels = levels - levels.min()
    highest = float(levels.max()) if len(levels) else 0.0
    heights = (levels / (highest or 1.0)).clamp(min=0.0).tolist()
    stride = (right - left) / max(len(heights) - 1, 1)
    return [(left + stride * k, bottom - (bottom - top) * height) for k, height in enumerate(heights)]


def _marks(sigmas: Tensor, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The highest and the lowest level, each with its row."""
    if not len(sigmas):
        return []
    return [(float(sigmas[k]), points[k][1]) for k in {int(sigmas.argmax()), int(sigmas.argmin())}]
