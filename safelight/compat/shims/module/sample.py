"""`comfy.sample`: noise, empty latents and whole runs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.module import samplers as _samplers
from safelight.diffusion.noise import start_noise


def prepare_noise(latent_image: Tensor, seed: int, noise_inds: Any = None) -> Tensor:
    return start_noise(latent_image.shape, seed, noise_inds).to(latent_image.dtype)


def prepare_noise_inner(latent_image: Tensor, generator: Any, noise_inds: Any = None) -> Tensor:
    return torch.randn(latent_image.shape, generator=generator, dtype=torch.float32).to(latent_image.dtype)


def fix_empty_latent_channels(model: Any, latent_image: Tensor, *more: Any) -> Tensor:
    wanted = model.get_model_object("latent_format").latent_channels
    if latent_image.shape[1] != wanted and not latent_image.any():
        return latent_image.new_zeros((latent_image.shape[0], wanted, *latent_image.shape[2:]))
    return latent_image


def prepare_sampling(model: Any, noise_shape: Any, positive: Any, negative: Any, noise_mask: Any) -> Any:
    return model, positive, negative, noise_mask, []


def cleanup_additional_models(models: Any) -> None:
    """They leave by themselves."""


def sample(
    model: Any,
    noise: Tensor,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    positive: Any,
    negative: Any,
    latent_image: Tensor,
    denoise: float = 1.0,
    disable_noise: bool = False,
    start_step: Any = None,
    last_step: Any = None,
    force_full_denoise: bool = False,
    noise_mask: Any = None,
    sigmas: Any = None,
    callback: Any = None,
    disable_pbar: Any = False,
    seed: Any = None,
) -> Tensor:
    sampler = _samplers.KSampler(
        model,
        steps=steps,
        device=model.load_device,
        sampler=sampler_name,
        scheduler=scheduler,
        denoise=denoise,
    )
    return sampler.sample(
        noise,
        positive,
        negative,
        cfg=cfg,
        latent_image=latent_image,
        start_step=start_step,
        last_step=last_step,
        force_full_denoise=force_full_denoise,
        denoise_mask=noise_mask,
        sigmas=sigmas,
        callback=callback,
        disable_pbar=disable_pbar,
        seed=seed,
    )


def sample_custom(
    model: Any,
    noise: Tensor,
    cfg: float,
    sampler: Any,
    sigmas: Tensor,
    positive: Any,
    negative: Any,
    latent_image: Tensor,
    noise_mask: Any = None,
    callback: Any = None,
    disable_pbar: Any = False,
    seed: Any = None,
) -> Tensor:
    return _samplers.sample(
        model,
        noise,
        positive,
        negative,
        cfg,
        model.load_device,
        sampler,
        sigmas,
        latent_image=latent_image,
        denoise_mask=noise_mask,
        callback=callback,
        disable_pbar=disable_pbar,
        seed=seed,
    )
