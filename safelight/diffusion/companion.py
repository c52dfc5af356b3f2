"""What models with more input channels see beside the noisy latent: a masked picture, or one to be edited.

A conditioning's dict holds it as `concat_latent_image`, as a VAE gives it, and `concat_mask` in pixels.
Models for inpainting see both (Rombach et al. 2022, arXiv:2112.10752), models that edit by instruction a
picture alone (InstructPix2Pix: Brooks et al. 2023, arXiv:2211.09800).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from safelight.diffusion import residency, vae
from safelight.diffusion.denoiser import repeated
from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.resize import resize
from safelight.diffusion.watch import QUIET, Watch

if TYPE_CHECKING:
    from safelight.diffusion.conditioning import Conditioning
    from safelight.diffusion.handle import VaeHandle
    from safelight.diffusion.plan import Plan

EDITING, INPAINTING = 4, 5
"""How many channels more than a latent's such models take."""

GREY = (0.8223, -0.6876, 0.6364, 0.1380)
"""A grey picture as a latent of Stable Diffusion, for an inpainting model that is to make everything anew."""


class Told(NamedTuple):
    """Both prompts with what the model is to see beside the latent, and the latent to start from."""

    positive: Conditioning
    negative: Conditioning
    latent: dict[str, Any]


def inpainting(
    positive: Conditioning,
    negative: Conditioning,
    handle: VaeHandle,
    pixels: Tensor,
    mask: Tensor,
    noise_mask: bool = True,
    *,
    plan: Plan,
    watch: Watch = QUIET,
) -> Told:
    """Pictures [B, H, W, C] with the part to make anew (mask [B, H, W] of 1) for a model for inpainting.

    The model sees that part in grey. With `noise_mask` the rest is kept bit for bit, as with any other model.
    """
    with residency.lend(handle, plan, watch) as model:
        factor = model.factor
    whole = interpolate(
        mask.reshape(-1, 1, *mask.shape[-2:]).float(), size=pixels.shape[1:3], mode="bilinear"
    )
    mask = vae.cropped(whole.movedim(1, -1), factor)
    kept = 1.0 - mask.round()
    grey = (vae.cropped(pixels[..., :3], factor) - 0.5) * kept + 0.5
    seen = {
        "concat_latent_image": vae.encode(handle, grey, plan=plan, watch=watch),
        "concat_mask": mask.movedim(-1, 1),
    }
    latent = {"samples": vae.encode(handle, pixels, plan=plan, watch=watch)}
    if noise_mask:
        latent["noise_mask"] = seen["concat_mask"]
    return Told(_with(positive, seen), _with(negative, seen), latent)


def editing(
    positive: Conditioning,
    negative: Conditioning,
    handle: VaeHandle,
    pixels: Tensor,
    *,
    plan: Plan,
    watch: Watch = QUIET,
) -> Told:
    """Pictures [B, H, W, C] for a model that edits them as prompts say, and an empty latent of their size."""
    seen = {"concat_latent_image": vae.encode(handle, pixels, plan=plan, watch=watch)}
    latent = {"samples": torch.zeros_like(seen["concat_latent_image"])}
    return Told(_with(positive, seen), _with(negative, seen), latent)


def _with(conditioning: Conditioning, seen: Mapping[str, Tensor]) -> Conditioning:
    return [[tensor, {**options, **seen}] for tensor, options in conditioning]


def beside(options: Mapping[str, Any], latent: Tensor, form: LatentFormat, channels: int) -> Tensor:
    """The further channels for one CONDITIONING entry's dict, of the size of the latent [B, C, h, w].

    Without a mask of its own the run's counts (`denoise_mask`), without a picture the latent itself.
    """
    picture = options.get("concat_latent_image")
    if channels == EDITING:
        return torch.zeros_like(latent) if picture is None else _fitted(picture, latent)
    mask = options.get("concat_mask", options.get("denoise_mask"))
    if mask is None:
        grey = latent.new_tensor(GREY).reshape(1, -1, 1, 1).expand_as(latent)
        return torch.cat([torch.ones_like(latent[:, :1]), grey], dim=1)
    picture = latent if picture is None else _fitted(form.process_in(picture), latent)
    return torch.cat([_fitted(mask.reshape(-1, 1, *mask.shape[-2:]), latent).round(), picture], dim=1)


def _fitted(tensor: Tensor, latent: Tensor) -> Tensor:
    """A picture or a mask at the size of a latent, the edges cut off evenly, with as many rows."""
    height, width = latent.shape[-2:]
    return repeated(resize(tensor.to(latent), width, height, "bilinear", "center"), len(latent))
