"""VAESave."""

from __future__ import annotations

from nodes.types import FilePrefix
from safelight import Context, Vae, node


@node("VAESave", category="model/merging", title="Save VAE", effect=True)
def save_vae(ctx: Context, *, vae: Vae, filename_prefix: FilePrefix = "vae/ComfyUI_vae") -> None:
    """Save a VAE alone as a .safetensors file in the output folder."""
    from safelight import diffusion

    path = ctx.reserve(filename_prefix, ".safetensors")
    diffusion.export.vae(path, vae, plan=ctx.plan, watch=ctx, prompt=ctx.prompt, workflow=ctx.workflow)
