"""Colours of pictures [B, H, W, C]: lightness and chroma apart, brightness, contrast."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from safelight.diffusion.batch import alike
from safelight.diffusion.channel import coloured
from safelight.diffusion.curve import Curve
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.filter import grey
from safelight.diffusion.resize import resize


def to_yuv(image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Lightness, blueness and redness (0.5 is neither), each as grey pictures [B, H, W, 3] (ITU-R BT.601)."""
    image = coloured(image)
    light = grey(image)[:, 0]
    blue, red = (image[..., 2] - light) * 0.564 + 0.5, (image[..., 0] - light) * 0.713 + 0.5
    y, u, v = (part[..., None].repeat(1, 1, 1, 3) for part in (light, blue, red))
    return y, u, v


def from_yuv(light: Tensor, blueness: Tensor, redness: Tensor) -> Tensor:
    """The picture of the three that `to_yuv` makes, at the size of the first."""
    height, width = light.shape[1:3]
    parts = [part.mean(-1, keepdim=True).movedim(-1, 1) for part in (light, blueness, redness)]
    fit = [
        part if part.shape[-2:] == (height, width) else resize(part, width, height, "bilinear")
        for part in parts
    ]
    y, u, v = (part[:, 0] for part in alike(*fit))
    u, v = u - 0.5, v - 0.5
    return torch.stack([y + 1.403 * v, y - 0.714 * v - 0.344 * u, y + 1.773 * u], dim=-1).clamp(0, 1)


def brightened(image: Tensor, factor: float) -> Tensor:
    """A picture so many times as bright."""
    return (image * factor).clamp(0, 1)


def toned(image: Tensor, curve: Curve, channel: str = "all") -> Tensor:
    """A picture whose levels follow a curve: those of one colour, or of `all` three; alpha stays as it is."""
    colours = slice(0, 3) if channel == "all" else ("red", "green", "blue").index(channel)
    made = image.clone()
    made[..., colours] = curve.at(image[..., colours])
    return made


def contrasted(image: Tensor, factor: float) -> Tensor:
    """A picture whose values lie so many times as far from the middle grey."""
    return ((image - 0.5) * factor + 0.5).clamp(0, 1)


def normalized(image: Tensor, mean: float, deviation: float) -> Tensor:
    """`(image - mean) / deviation`, as training data are prepared; no longer within 0..1."""
    return (image - mean) / deviation


def parsed(colour: str) -> tuple[int, float]:
    """A colour `#rrggbb` or `#rrggbbaa` as 0xRRGGBB and its opacity 0..1."""
    digits = colour.lstrip("#")
    if not re.fullmatch(r"[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", digits):
        raise UnsupportedError(f"{colour[:40]!r} is no colour", "Write it as #rrggbb.")
    alpha = int(digits[6:8], 16) / 255 if len(digits) == 8 else 1.0
    return int(digits[:6], 16), alpha


def plain(width: int, height: int, count: int, colour: int) -> Tensor:
    """Pictures of one colour 0xRRGGBB."""
    levels = [(colour >> shift & 0xFF) / 255 for shift in (16, 8, 0)]
    return torch.tensor(levels).repeat(count, height, width, 1)
