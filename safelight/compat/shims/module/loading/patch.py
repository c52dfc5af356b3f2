"""LoRA files on models and text encoders."""

from __future__ import annotations

from typing import Any

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module import patcher as patchers
from safelight.compat.shims.module.loading.file import opened
from safelight.diffusion import lora


def load_lora_for_models(
    model: Any, clip: Any, lora_sd: Any, strength_model: float, strength_clip: float
) -> tuple[Any, Any]:
    """Adapters are attached by file here; tensors that came from one know which it was."""
    source = getattr(lora_sd, "safelight_path", None)
    if source is None:
        raise refusal("comfy.sd.load_lora_for_models with tensors of no file")
    return attach(model, clip, source, strength_model, strength_clip)


def attach(model: Any, clip: Any, path: Any, strength_model: float, strength_clip: float) -> tuple[Any, Any]:
    """A model and its text encoder with an adapter; either may be None.

    They are asked for together: an adapter often changes one of them alone, and leaves the other as it is.
    """
    file = opened(path)
    new_model, new_clip = (None if one is None else one.clone() for one in (model, clip))
    plain = None if model is None else patchers.pristine(model.handle)
    text = None if clip is None else clip.handle
    if strength_model or strength_clip:
        plain, text = lora.attached(file.path, file.digest, plain, text, strength_model, strength_clip)
    if new_model is not None:
        new_model.model = type(model.model)(plain)
    if new_clip is not None:
        new_clip.handle = text
    return new_model, new_clip
