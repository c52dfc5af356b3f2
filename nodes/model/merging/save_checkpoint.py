"""Save Checkpoint."""

from __future__ import annotations

from nodes.types import FilePrefix
from safelight import Clip, Context, Model, Vae, node


@node(
    "CheckpointSave",
    category="model/merging",
    title="Save Checkpoint",
    aliases=("export model",),
    effect=True,
)
def save_checkpoint(
    ctx: Context, *, model: Model, clip: Clip, vae: Vae, filename_prefix: FilePrefix = "checkpoints/ComfyUI"
) -> None:
    """Save a model, its text encoder and its VAE as one .safetensors file in the output folder.

    Merges and LoRAs are in the weights then, and the workflow is in the file. To use it here, move it to
    models/checkpoints.
    """
    from safelight import diffusion

    path = ctx.reserve(filename_prefix, ".safetensors")
    diffusion.export.checkpoint(
        path, model, clip, vae, plan=ctx.plan, watch=ctx, prompt=ctx.prompt, workflow=ctx.workflow
    )
