"""Pictures to latents and back, in tiles where a whole picture would not fit.

Latents on wires are as the VAE gives them; a network's own scale is `LatentFormat`'s business. VAEs compute
in fp32.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import conv2d, interpolate

from safelight.diffusion import device as devices
from safelight.diffusion import residency, weights
from safelight.diffusion.component import Component
from safelight.diffusion.handle import VaeHandle
from safelight.diffusion.plan import Plan
from safelight.diffusion.tile import tiled
from safelight.diffusion.watch import QUIET, Watch

Check = Callable[[], None]


class Autoencoder:
    """diffusers' `AutoencoderKL`: the mean latent of a picture, and the picture of a latent."""

    def __init__(self, module: Any, plan: Plan) -> None:
        from safelight.diffusion.network import Stops

        self.module = module
        self.device = plan.device
        self.factor = 2 ** (len(module.config.block_out_channels) - 1)
        self.channels = module.config.latent_channels
        self.stops = Stops(module)

    def encode(self, pixels: Tensor) -> Tensor:
        """Pixels [B, 3, H, W] in -1..1 to the mean latent [B, C, h, w]."""
        latent: Tensor = self.module.encode(pixels.to(self.device), return_dict=False)[0].mode()
        return latent.float().cpu()

    def decode(self, samples: Tensor) -> Tensor:
        """A latent [B, C, h, w] to pixels [B, 3, H, W], about -1..1."""
        pixels: Tensor = self.module.decode(samples.to(self.device, torch.float32), return_dict=False)[0]
        return pixels.float().cpu()


def build(component: Component, plan: Plan, check: Check) -> Autoencoder:
    """The VAE with its weights."""
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL

    check()
    with devices.memory_errors("loading the VAE", plan.device):
        with torch.device("meta"):
            module = AutoencoderKL.from_config(dict(component.config))
        weights.fill(module, component, torch.float32, plan.device, check)
    return Autoencoder(module, plan)


def decode(vae: VaeHandle, samples: Tensor, *, plan: Plan, watch: Watch = QUIET) -> Tensor:
    """The pictures [B, H, W, 3] in 0..1 of latents [B, C, h, w], one after the other."""
    return decode_tiled(vae, samples, plan.tile, plan=plan, watch=watch)


def decode_tiled(
    vae: VaeHandle,
    samples: Tensor,
    tile: int,
    overlap: int | None = None,
    *,
    plan: Plan,
    watch: Watch = QUIET,
) -> Tensor:
    """The same in tiles of an edge in pixels (0 for the whole) that overlap by so many pixels.

    A plan that asks for smaller tiles is followed.
    """
    tile = min(tile, plan.tile) if plan.tile else tile
    with residency.lend(vae, plan, watch) as model, model.stops.calling(watch.check), torch.no_grad():
        edge, shared = tile // model.factor, None if overlap is None else overlap // model.factor

        def run(part: Tensor) -> Tensor:
            with devices.memory_errors("decoding a picture", plan.device):
                return model.decode(part)

        pictures = [tiled(sample[None], run, edge, model.factor, 1, shared) for sample in samples.float()]
    return ((torch.cat(pictures) + 1) / 2).clamp(0, 1).movedim(1, -1).contiguous()


def encode(vae: VaeHandle, pixels: Tensor, *, plan: Plan, watch: Watch = QUIET) -> Tensor:
    """The latents [B, C, h, w] of pictures [B, H, W, C] in 0..1, cut to whole cells about their middle."""
    return encode_tiled(vae, pixels, plan.tile, plan=plan, watch=watch)


def encode_tiled(
    vae: VaeHandle,
    pixels: Tensor,
    tile: int,
    overlap: int | None = None,
    *,
    plan: Plan,
    watch: Watch = QUIET,
) -> Tensor:
    """The same in tiles of an edge in pixels (0 for the whole) that overlap by so many pixels.

    A plan that asks for smaller tiles is followed.
    """
    tile = min(tile, plan.tile) if plan.tile else tile
    with residency.lend(vae, plan, watch) as model, model.stops.calling(watch.check), torch.no_grad():
        whole = cropped(pixels[..., :3], model.factor).movedim(-1, 1).contiguous().float() * 2 - 1

        def run(part: Tensor) -> Tensor:
            with devices.memory_errors("encoding a picture", plan.device):
                return model.encode(part)

        tiles = [tiled(picture[None], run, tile, 1, model.factor, overlap) for picture in whole]
        return torch.cat(tiles)


def encode_for_inpaint(
    vae: VaeHandle, pixels: Tensor, mask: Tensor, grow: int = 6, *, plan: Plan, watch: Watch = QUIET
) -> dict[str, Tensor]:
    """A LATENT whose masked part is grey, with the mask, `grow` pixels larger, as its noise mask.

    `mask` [B, H, W] is fitted to the pictures; 1 is what is to be made anew.
    """
    with residency.lend(vae, plan, watch) as model:
        factor = model.factor
    mask = interpolate(mask.reshape(-1, 1, *mask.shape[-2:]).float(), size=pixels.shape[1:3], mode="bilinear")
    mask = cropped(mask.movedim(1, -1), factor).movedim(-1, 1)
    pixels = cropped(pixels[..., :3], factor)
    kept = 1 - mask.round().movedim(1, -1)
    samples = encode(vae, (pixels - 0.5) * kept + 0.5, plan=plan, watch=watch)
    return {
        "samples": samples,
        "noise_mask": grown(mask, grow)[..., : pixels.shape[1], : pixels.shape[2]].round(),
    }


def grown(mask: Tensor, pixels: int) -> Tensor:
    """A mask [B, 1, H, W] that reaches `pixels` further, both sides together."""
    if pixels == 0:
        return mask
    return conv2d(mask.round(), torch.ones(1, 1, pixels, pixels), padding=pixels // 2).clamp(0, 1)


def cropped(pixels: Tensor, factor: int) -> Tensor:
    """Pictures [B, H, W, C] without the rim that fills no whole cell, cut about the middle."""
    rows, columns = pixels.shape[1:3]
    y, x = (rows % factor) // 2, (columns % factor) // 2
    return pixels[:, y : y + rows // factor * factor, x : x + columns // factor * factor]
