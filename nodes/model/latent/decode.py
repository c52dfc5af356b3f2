"""VAE Decode."""

from __future__ import annotations

from safelight import Context, Image, Latent, Vae, node


@node("VAEDecode", category="model/latent", title="VAE Decode", aliases=("latent to image",))
def decode(ctx: Context, *, samples: Latent, vae: Vae) -> Image:
    """Turn a latent image into a picture."""
    from safelight import diffusion

    return diffusion.vae.decode(vae, samples["samples"], plan=ctx.plan, watch=ctx)
