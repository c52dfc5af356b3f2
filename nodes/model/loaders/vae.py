"""Load VAE."""

from __future__ import annotations

from typing import Annotated

from safelight import Context, File, Vae, node

VaeName = Annotated[str, File("vae", tip="A .safetensors file with a VAE, in models/vae.")]


@node("VAELoader", category="model/loaders", title="Load VAE", aliases=("vae",), lane="io")
def load_vae(ctx: Context, *, vae_name: VaeName) -> Vae:
    """Choose a VAE file: what turns pictures into latents and back. It replaces the one of a checkpoint."""
    from safelight import diffusion

    file = ctx.open(ctx.folders.find("vae", vae_name))
    return diffusion.lone.vae(file.path, file.digest)
