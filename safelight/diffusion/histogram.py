"""Histograms: how many pixels have each of 256 levels."""

from __future__ import annotations

import torch
from torch import Tensor

from safelight.diffusion.channel import coloured

LUMINANCE = (0.2126, 0.7152, 0.0722)
"""ITU-R BT.709."""


def of(image: Tensor) -> tuple[list[int], ...]:
    """Of pictures [B, H, W, C]: the mean of the three colours, luminance, red, green, blue."""
    pixels = coloured(image).reshape(-1, 3).nan_to_num(0.0).clamp(0, 1)
    colours = [_counted(channel) for channel in pixels.unbind(-1)]
    luminance = _counted(pixels @ torch.tensor(LUMINANCE).to(pixels))
    mean = torch.stack(colours).sum(0) // 3
    return tuple(one.tolist() for one in (mean, luminance, *colours))


def _counted(values: Tensor) -> Tensor:
    return torch.bincount((values * 255).round().long(), minlength=256)
