"""VAE Encode."""

from __future__ import annotations

from safelight import Context, Image, Latent, Vae, node


@node("VAEEncode", category="model/latent", title="VAE Encode", aliases=("image to latent",))
def encode(ctx: Context, *, pixels: Image, vae: Vae) -> Latent:
    """Turn a picture into a latent image, to be denoised again or upscaled."""
    from safelight import diffusion

    return {"samples": diffusion.vae.encode(vae, pixels, plan=ctx.plan, watch=ctx)}
