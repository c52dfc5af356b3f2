"""Latents as files: `.latent`, safetensors with the samples as `latent_tensor`, as ComfyUI writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from safelight.diffusion import codec
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.latent import Latent, LatentFormat

VERSION = "latent_format_version_0"
"""Its presence says that the samples are as a VAE gives them; without it they were scaled for SD 1."""


def save(latent: Latent, path: Path, *, prompt: Any = None, workflow: Any = None) -> None:
    """Write the samples, and JSON texts `prompt` and `workflow` as metadata."""
    texts = {"prompt": prompt, "workflow": workflow}
    metadata = {name: json.dumps(value) for name, value in texts.items() if value is not None}
    tensors = {"latent_tensor": latent["samples"].contiguous(), VERSION: torch.zeros(0)}
    codec.save_whole(tensors, metadata, path)


def load(path: Path) -> Latent:
    """Read the samples; `ModelFileError` if it is no such file."""
    try:
        tensors, _ = codec.load(path)
        samples = tensors["latent_tensor"].float()
    except (OSError, SafetensorError, KeyError) as error:
        raise ModelFileError(
            f"{path.name} is not a saved latent ({error})", "Choose a file that Save Latent wrote."
        ) from error
    return {"samples": samples if VERSION in tensors else samples / LatentFormat().scale}
