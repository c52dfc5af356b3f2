"""LoRA files on models and text encoders."""

from __future__ import annotations

from typing import Any

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module import patcher as patchers
from safelight.compat.shims.module.loading.clip import CLIP
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
    """A model and its text encoder with an adapter; either may be None."""
    file = opened(path)
    made = []
    for one, strength in ((model, strength_model), (clip, strength_clip)):
        made.append(None if one is None else _attached(one, file, strength))
    return made[0], made[1]


def _attached(one: Any, file: Any, strength: float) -> Any:
    new = one.clone()
    handle = one.handle if isinstance(one, CLIP) else patchers.pristine(one.handle)
    if isinstance(one, CLIP):
        new.handle = (
            lora.attached(file.path, file.digest, None, handle, 0.0, strength)[1] if strength else handle
        )
    else:
        patched = (
            lora.attached(file.path, file.digest, handle, None, strength, 0.0)[0] if strength else handle
        )
        new.model = type(one.model)(patched)
    return new
