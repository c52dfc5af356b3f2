"""ModelSave."""

from __future__ import annotations

from nodes.types import FilePrefix
from safelight import Context, Model, node


@node("ModelSave", category="model/merging", title="Save Model", effect=True)
def save_model(
    ctx: Context, *, model: Model, filename_prefix: FilePrefix = "diffusion_models/ComfyUI"
) -> None:
    """Save a denoiser alone as a .safetensors file in the output folder, with what was merged into it."""
    from safelight import diffusion

    path = ctx.reserve(filename_prefix, ".safetensors")
    diffusion.export.checkpoint(
        path, model, None, None, plan=ctx.plan, watch=ctx, prompt=ctx.prompt, workflow=ctx.workflow
    )
