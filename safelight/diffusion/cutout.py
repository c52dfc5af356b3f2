"""Cutouts: what a mask shows of a picture, centred on a plain ground."""

from __future__ import annotations

import torch
from torch import Tensor

from safelight.diffusion import mask as masks
from safelight.diffusion.batch import alike
from safelight.diffusion.boxes import around, cut_out, of_mask
from safelight.diffusion.channel import coloured
from safelight.diffusion.colour import parsed
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.resize import resize


def made(image: Tensor, mask: Tensor, size: tuple[int, int], margin: float, grow: int, ground: str) -> Tensor:
    """Pictures [B, height, width, 3] of what masks (of any size) show, `margin` times as wide as it is."""
    width, height = size
    number, _ = parsed(ground)
    colour = [(number >> shift & 0xFF) / 255 for shift in (16, 8, 0)]
    grown = masks.grown(masks.fitted(mask, *image.shape[1:3]), grow).clamp(0, 1)
    pieces = []
    for picture, shown in zip(*alike(coloured(image), grown), strict=True):
        box = of_mask(shown)
        if box is None:
            raise UnsupportedError("A mask shows nothing", "Give it one with something white in it.")
        piece = cut_out(picture, shown, around(box, width / height, margin), colour)
        pieces.append(resize(piece.movedim(-1, 0)[None], width, height, "bilinear"))
    return torch.cat(pieces).movedim(1, -1)
