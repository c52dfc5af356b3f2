"""Tiny decoders that make a small picture of a latent in a moment.

They are TAESD (Bohan 2023, github.com/madebyollin/taesd). There is one for each kind of latent; they are used
for previews where their file is there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from safelight.diffusion import header, weights
from safelight.diffusion.component import Component, Slot
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.latent import LatentFormat

NAMES = {
    (4, 0.18215): "taesd_decoder",
    (4, 0.13025): "taesdxl_decoder",
    (16, 1.5305): "taesd3_decoder",
    (16, 0.3611): "taef1_decoder",
}
"""What the file for a latent format is called, by the format's channels and scale."""
KEPT = 2
"""How many decoders stay in memory; each takes five megabytes."""

Decoder = Callable[[Tensor], Tensor]


def name(format: LatentFormat) -> str | None:
    """What the decoder's file for this format is called, without its ending; None if there is none."""
    return None if format.colours else NAMES.get((format.channels, round(format.scale, 5)))


@lru_cache(KEPT)
def load(path: Path) -> Decoder:
    """The decoder in a safetensors file: latents [B, C, h, w] as a network sees them to pixels in -1..1.

    Its tensors are numbered as in the original's sequence, or named as in diffusers' `AutoencoderTiny`.
    `ModelFileError` if it is something else.
    """
    from diffusers.models.autoencoders.vae import DecoderTiny

    slots = _slots(path)
    first = slots.get("layers.0.weight")
    shape = first.header[first.name].shape if first else ()
    if len(shape) != 4:
        raise ModelFileError(f"{path.name} is no TAESD decoder", "Choose another file, or take it away.")
    component = Component(path.name, {}, (header.read(path),), slots.get)
    width, channels = shape[:2]
    with torch.device("meta"):
        module = DecoderTiny(channels, 3, (3, 3, 3, 1), (width,) * 4, 2, "relu", "nearest")
    weights.fill(module, component, torch.float32, "cpu", lambda: None)

    @torch.no_grad()
    def decode(samples: Tensor) -> Tensor:
        pixels: Tensor = module.to(samples.device)(samples.float())
        return pixels.cpu()

    return decode


def _slots(path: Path) -> dict[str, Slot]:
    """The tensors of a decoder by diffusers' names."""
    head = header.read(path)
    return {_renamed(tensor): Slot(head, tensor) for tensor in head if not tensor.startswith("encoder.")}


def _renamed(tensor: str) -> str:
    number, _, rest = tensor.partition(".")
    if number.isdigit():  # the original's first member clamps, which diffusers does beside the sequence
        return f"layers.{int(number) - 1}.{rest}"
    return tensor.removeprefix("decoder.")
