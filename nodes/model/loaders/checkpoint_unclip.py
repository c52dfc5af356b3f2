"""Load unCLIP Checkpoint."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from nodes.types import CheckpointName
from safelight import Blocked, Clip, ClipVision, Context, Model, Out, Vae, node


class LoadedWithVision(NamedTuple):
    """What a checkpoint with an encoder of pictures holds."""

    model: Annotated[Model, Out("The denoiser.", name="MODEL")]
    clip: Annotated[Clip, Out("The text encoder.", name="CLIP")]
    vae: Annotated[Vae, Out("Turns pixels into latents and back.", name="VAE")]
    clip_vision: Annotated[ClipVision, Out("The picture encoder.", name="CLIP_VISION")]


@node(
    "unCLIPCheckpointLoader",
    category="model/loaders",
    title="Load unCLIP Checkpoint",
    aliases=("image variation",),
    lane="io",
)
def load_unclip(ctx: Context, *, ckpt_name: CheckpointName) -> LoadedWithVision:
    """Choose a model that is told of pictures as well as of text: Stable Diffusion 2.1 unCLIP, l or h.

    The encoder of pictures is in the same file. Connect it to CLIP Vision Encode, and that to
    unCLIPConditioning.
    """
    from safelight import diffusion

    file = ctx.open(ctx.folders.find("checkpoints", ckpt_name))
    parts = diffusion.checkpoint.load(file.path, file.digest)
    names = ("denoiser", "text encoder", "VAE")
    outputs: list[Any] = [
        part or Blocked(f"'{ckpt_name}' holds no {name}") for part, name in zip(parts, names, strict=True)
    ]
    seeing = file.path.is_file() and diffusion.sight.is_there(file.path)
    eye = diffusion.sight.load(file.path, file.digest) if seeing else None
    outputs.append(eye or Blocked(f"'{ckpt_name}' holds no picture encoder"))
    return LoadedWithVision(*outputs)
