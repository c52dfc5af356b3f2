"""Latents cut and joined along their edges. Places are in pixels, rounded down to cells of 8."""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from safelight.diffusion.arithmetic import check
from safelight.diffusion.batch import repeated
from safelight.diffusion.composite import pasted
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.latent import FACTOR, Latent

LEAST = 8
"""Cells that are left of a cropped latent, at least."""
AXES = {"x": -1, "y": -2, "t": -3}


def cropped(latent: Latent, x: int, y: int, width: int, height: int) -> Latent:
    """A part of a latent; one that would begin too near the end is moved back."""
    samples: Tensor = latent["samples"]
    rows, columns = samples.shape[-2:]
    left, top = (max(0, min(at // FACTOR, n - LEAST)) for at, n in ((x, columns), (y, rows)))
    part = samples[..., top : top + height // FACTOR, left : left + width // FACTOR]
    return {**latent, "samples": part}


def laid(below: Latent, above: Latent, x: int, y: int, feather: int = 0) -> Latent:
    """One latent on another at a place, faded over `feather` pixels along the edges that lie inside."""
    ground: Tensor = below["samples"]
    check(above["samples"], ground)
    left, top = x // FACTOR, y // FACTOR
    piece = above["samples"][..., : max(0, ground.shape[-2] - top), : max(0, ground.shape[-1] - left)]
    rows, columns = piece.shape[-2:]
    inner = (top > 0, top + rows < ground.shape[-2], left > 0, left + columns < ground.shape[-1])
    mask = _faded(rows, feather // FACTOR, inner[:2])[:, None] * _faded(columns, feather // FACTOR, inner[2:])
    return {**below, "samples": pasted(ground, piece, left, top, mask[None])}


def _faded(length: int, width: int, ends: tuple[bool, ...]) -> Tensor:
    """Ones that rise from 1/width at the beginning and fall to it at the end, where these are to fade."""
    rising = ((torch.arange(length) + 1.0) / max(1, width)).clamp(max=1.0)
    ones = torch.ones(length)
    return (rising if ends[0] else ones) * (rising.flip(0) if ends[1] else ones)


def pasted_by(
    below: Latent, above: Latent, x: int, y: int, mask: Tensor | None = None, *, stretch: bool = False
) -> Latent:
    """One latent on another at a place, as far as a mask (of any size) shows it."""
    check(above["samples"], below["samples"])
    place = x // FACTOR, y // FACTOR
    return {**below, "samples": pasted(below["samples"], above["samples"], *place, mask, stretch=stretch)}


def concatenated(first: Latent, second: Latent, side: str) -> Latent:
    """The second latent behind the first along `x`, `y` or `t` (frames), or before it (`-x`, ...)."""
    a: Tensor = first["samples"]
    b = repeated(second["samples"], len(a))
    axis = _axis(a, side.removeprefix("-"))
    if [n for place, n in enumerate(a.shape) if place != axis] != [
        n for place, n in enumerate(b.shape) if place != axis
    ]:
        raise UnsupportedError(
            f"Latents of {tuple(a.shape)} and {tuple(b.shape)} cannot be joined along {side}",
            "Bring them to one size first.",
        )
    return {**first, "samples": torch.cat([b, a] if side.startswith("-") else [a, b], axis)}


def cut(latent: Latent, dim: str, start: int, count: int) -> Latent:
    """`count` cells (or frames) along an axis from `start`; negative counts from the end."""
    samples: Tensor = latent["samples"]
    axis = _axis(samples, dim)
    length = samples.shape[axis]
    start = min(length - 1, max(0, start + length if start < 0 else start))
    return {**latent, "samples": samples.narrow(axis, start, min(count, length - start))}


def sliced(latent: Latent, dim: str, size: int) -> Latent:
    """Slices of so many cells (or frames) along an axis, as a batch; what is left over is left out."""
    samples: Tensor = latent["samples"]
    axis = _axis(samples, dim)
    length = samples.shape[axis]
    size = min(size, length)
    line = samples.movedim(axis, 1)[:, : length // size * size]
    batch = line.reshape(prod(line.shape[:2]) // size, size, *line.shape[2:])
    return {**latent, "samples": batch.movedim(1, axis)}


def _axis(samples: Tensor, name: str) -> int:
    if name == "t" and samples.ndim < 5:
        raise UnsupportedError("This latent is a picture and has no frames", "Choose x or y.")
    return samples.ndim + AXES[name]
