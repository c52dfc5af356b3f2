"""Save Latent."""

from __future__ import annotations

from typing import Annotated

from nodes.types import FilePrefix
from safelight import Context, Latent, Out, node


@node("SaveLatent", category="model/latent", title="Save Latent", aliases=("export",), effect=True, lane="io")
def save_latent(
    ctx: Context, *, samples: Latent, filename_prefix: FilePrefix = "latents/ComfyUI"
) -> Annotated[Latent, Out("The latent image as it came in.", name="samples")]:
    """Save a latent image in the output folder, to be loaded and denoised further another time."""
    from safelight import diffusion

    path = ctx.reserve(filename_prefix, ".latent")
    diffusion.keep.save(samples, path, prompt=ctx.prompt, workflow=ctx.workflow)
    ctx.show("latents", [ctx.entry(path)])
    return samples
