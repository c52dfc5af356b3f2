"""Loaders of checkpoints and of their parts."""

from __future__ import annotations

import enum
from typing import Any

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module.loading.clip import CLIP
from safelight.compat.shims.module.loading.file import opened
from safelight.diffusion import checkpoint, lone, sight


class CLIPType(enum.Enum):
    STABLE_DIFFUSION = 1
    STABLE_CASCADE = 2
    SD3 = 3
    STABLE_AUDIO = 4
    HUNYUAN_DIT = 5
    FLUX = 6
    MOCHI = 7
    LTXV = 8
    HUNYUAN_VIDEO = 9
    PIXART = 10
    COSMOS = 11
    LUMINA2 = 12
    WAN = 13
    HIDREAM = 14
    CHROMA = 15
    ACE = 16
    OMNIGEN2 = 17
    QWEN_IMAGE = 18
    HUNYUAN_IMAGE = 19


def load_checkpoint_guess_config(
    ckpt_path: Any,
    output_vae: bool = True,
    output_clip: bool = True,
    output_clipvision: bool = False,
    embedding_directory: Any = None,
    output_model: bool = True,
    **more: Any,
) -> tuple[Any, Any, Any, Any]:
    from safelight.compat.shims.facade import wrapped

    file = opened(ckpt_path)
    model, clip, found = checkpoint.load(file.path, file.digest)
    seeing = output_clipvision and file.path.is_file() and sight.is_there(file.path)
    return (
        wrapped(model) if output_model and model else None,
        wrapped(clip) if output_clip and clip else None,
        wrapped(found) if output_vae and found else None,
        wrapped(sight.load(file.path, file.digest)) if seeing else None,
    )


def load_checkpoint(
    config_path: Any = None,
    ckpt_path: Any = None,
    output_vae: bool = True,
    output_clip: bool = True,
    embedding_directory: Any = None,
    **more: Any,
) -> Any:
    return load_checkpoint_guess_config(ckpt_path, output_vae, output_clip)[:3]


def load_diffusion_model(unet_path: Any, model_options: Any = None, **more: Any) -> Any:
    from safelight.compat.shims.facade import wrapped

    file = opened(unet_path)
    return wrapped(lone.unet(file.path, file.digest))


load_unet = load_diffusion_model


def load_clip(
    ckpt_paths: Any,
    embedding_directory: Any = None,
    clip_type: Any = CLIPType.STABLE_DIFFUSION,
    model_options: Any = None,
) -> Any:
    files = [opened(path) for path in ckpt_paths]
    return CLIP(lone.clip([(file.path, file.digest) for file in files]))


def load_text_encoder_state_dicts(
    state_dicts: Any = (), embedding_directory: Any = None, clip_type: Any = None, **more: Any
) -> Any:
    """The text encoders of the files that tensors were read from."""
    paths = [getattr(tensors, "safelight_path", None) for tensors in state_dicts]
    if not paths or None in paths:
        raise refusal("comfy.sd.load_text_encoder_state_dicts with tensors of no file")
    return load_clip(paths)


def load_diffusion_model_state_dict(*given: Any, **named: Any) -> Any:
    raise refusal("comfy.sd.load_diffusion_model_state_dict")


def load_state_dict_guess_config(*given: Any, **named: Any) -> Any:
    raise refusal("comfy.sd.load_state_dict_guess_config")


class StyleModel:
    """Not offered."""
