"""Load Diffusers Model."""

from __future__ import annotations

from typing import Annotated, Any

from nodes.model.loaders.checkpoint import Loaded
from safelight import Blocked, Context, File, node

FolderName = Annotated[str, File("diffusers", tip="A folder in models/diffusers with a model_index.json.")]


@node(
    "DiffusersLoader",
    category="model/loaders",
    title="Load Diffusers Model",
    deprecated="Use Load Checkpoint, which takes such folders in models/checkpoints, too.",
    lane="io",
)
def load_diffusers(ctx: Context, *, model_path: FolderName) -> Loaded:
    """Choose a model folder in diffusers' layout."""
    from safelight import diffusion

    file = ctx.open(ctx.folders.find("diffusers", model_path))
    parts = diffusion.checkpoint.load(file.path, file.digest)
    names = ("denoiser", "text encoder", "VAE")
    outputs: list[Any] = [
        part or Blocked(f"'{model_path}' holds no {name}") for part, name in zip(parts, names, strict=True)
    ]
    return Loaded(*outputs)
