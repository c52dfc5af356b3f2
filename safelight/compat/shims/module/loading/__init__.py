"""`comfy.sd`: text encoders and VAEs as objects with methods, and the functions that load models."""

from __future__ import annotations

from typing import Any

import torch

from safelight.compat.shims.absent import absent
from safelight.compat.shims.module import device as devices
from safelight.compat.shims.module.loading.clip import CLIP, NAMES, Tokenizer, Tokens
from safelight.compat.shims.module.loading.load import (
    CLIPType,
    StyleModel,
    load_checkpoint,
    load_checkpoint_guess_config,
    load_clip,
    load_diffusion_model,
    load_diffusion_model_state_dict,
    load_state_dict_guess_config,
    load_text_encoder_state_dicts,
    load_unet,
)
from safelight.compat.shims.module.loading.patch import attach, load_lora_for_models
from safelight.compat.shims.module.loading.upscale import UpscaleModel
from safelight.compat.shims.module.loading.vae import VAE
from safelight.diffusion.failure import UnsupportedError


def __getattr__(name: str) -> Any:
    match name:
        case "model_management":
            return devices
        case "torch":
            return torch
        case "UnsupportedError":
            return UnsupportedError
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.sd.{name}")


__all__ = [
    "CLIP",
    "NAMES",
    "VAE",
    "CLIPType",
    "StyleModel",
    "Tokenizer",
    "Tokens",
    "UpscaleModel",
    "attach",
    "load_checkpoint",
    "load_checkpoint_guess_config",
    "load_clip",
    "load_diffusion_model",
    "load_diffusion_model_state_dict",
    "load_lora_for_models",
    "load_state_dict_guess_config",
    "load_text_encoder_state_dicts",
    "load_unet",
]
