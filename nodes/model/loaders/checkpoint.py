"""Load Checkpoint."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from nodes.types import CheckpointName
from safelight import Blocked, Clip, Context, Model, Out, Vae, node


class Loaded(NamedTuple):
    """What a checkpoint holds."""

    model: Annotated[Model, Out("The denoiser.", name="MODEL")]
    clip: Annotated[Clip, Out("The text encoder.", name="CLIP")]
    vae: Annotated[Vae, Out("Turns pixels into latents and back.", name="VAE")]


@node(
    "CheckpointLoaderSimple", category="model/loaders", title="Load Checkpoint", aliases=("model",), lane="io"
)
def load_checkpoint(ctx: Context, *, ckpt_name: CheckpointName) -> Loaded:
    """Choose a model file; its denoiser, text encoder and VAE are read when something first uses them."""
    from safelight import diffusion

    file = ctx.open(ctx.folders.find("checkpoints", ckpt_name))
    parts = diffusion.checkpoint.load(file.path, file.digest)
    names = ("denoiser", "text encoder", "VAE")
    outputs: list[Any] = [
        part or Blocked(f"'{ckpt_name}' holds no {name}") for part, name in zip(parts, names, strict=True)
    ]
    return Loaded(*outputs)
