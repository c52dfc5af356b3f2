"""LATENT values: pictures as the denoising network sees them, `{"samples": [B, C, h, w], ...}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion import resize as resizing

Latent = dict[str, Any]

FACTOR = 8
"""Pixels to a cell of an empty latent; sampling adapts it to models where that differs."""


@dataclass(frozen=True)
class Colours:
    """How much red, green and blue each channel adds to a cell, and what is added to all; about -1..1."""

    rows: tuple[tuple[float, float, float], ...]
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class LatentFormat:
    """How a model's latents follow from a VAE's: `(latent - shift) * scale`, one cell for `factor` pixels."""

    channels: int = 4
    factor: int = 8
    scale: float = 0.18215
    shift: float = 0.0
    colours: Colours | None = None
    """What the channels look like, where the model says so."""

    def process_in(self, samples: Tensor) -> Tensor:
        """From the wires (as a VAE gives them) to what the network was trained on."""
        return (samples - self.shift) * self.scale

    def process_out(self, samples: Tensor) -> Tensor:
        """From what the network was trained on to the wires."""
        return samples / self.scale + self.shift


def is_number(latent: Latent) -> bool:
    """Whether all of a latent is finite."""
    return bool(latent["samples"].isfinite().all())


def empty(width: int, height: int, batch: int = 1, channels: int = 4) -> Latent:
    """Zeros for pictures of this size in pixels; sizes are floored to whole cells."""
    samples = torch.zeros(batch, channels, height // FACTOR, width // FACTOR)
    return {"samples": samples, "downscale_ratio_spatial": FACTOR}


def upscale(latent: Latent, method: str, width: int, height: int, crop: str = "disabled") -> Latent:
    """The latent at another size in pixels (at least 64; 0 keeps the aspect, both 0 leave it alone)."""
    samples: Tensor = latent["samples"]
    if width == 0 and height == 0:
        return latent
    rows, columns = samples.shape[-2:]
    if width == 0:
        height = max(64, height)
        width = max(64, round(columns * height / rows))
    elif height == 0:
        width = max(64, width)
        height = max(64, round(rows * width / columns))
    else:
        width, height = max(64, width), max(64, height)
    return {**latent, "samples": resizing.resize(samples, width // FACTOR, height // FACTOR, method, crop)}


def upscale_by(latent: Latent, method: str, scale: float) -> Latent:
    """The latent with both edges multiplied."""
    samples: Tensor = latent["samples"]
    width, height = round(samples.shape[-1] * scale), round(samples.shape[-2] * scale)
    return {**latent, "samples": resizing.resize(samples, max(1, width), max(1, height), method)}


def set_mask(latent: Latent, mask: Tensor) -> Latent:
    """The latent with a noise mask: where it is 1 the picture is made anew, where 0 it stays."""
    return {**latent, "noise_mask": mask.reshape(-1, 1, mask.shape[-2], mask.shape[-1])}
