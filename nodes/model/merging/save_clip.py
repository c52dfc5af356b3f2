"""CLIPSave."""

from __future__ import annotations

from nodes.types import FilePrefix
from safelight import Clip, Context, node


@node("CLIPSave", category="model/merging", title="Save CLIP", effect=True)
def save_clip(ctx: Context, *, clip: Clip, filename_prefix: FilePrefix = "clip/ComfyUI") -> None:
    """Save text encoders as .safetensors files in the output folder, one for each, named after its kind."""
    from safelight import diffusion

    for place, name in enumerate(diffusion.export.encoder_names(clip)):
        path = ctx.reserve(f"{filename_prefix}_{name}", ".safetensors")
        diffusion.export.encoder(
            path, clip, place, plan=ctx.plan, watch=ctx, prompt=ctx.prompt, workflow=ctx.workflow
        )
