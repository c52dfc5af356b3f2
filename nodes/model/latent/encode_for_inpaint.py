"""VAE Encode (for Inpainting)."""

from __future__ import annotations

from typing import Annotated

from safelight import Context, Image, Latent, Mask, Number, Vae, node

GROW = Number(
    min=0, max=64, step=1, tip="Widen the mask by so many pixels, so that the seam has room to blend."
)


@node("VAEEncodeForInpaint", category="model/latent", title="VAE Encode (for Inpainting)", aliases=("fill",))
def encode_for_inpaint(
    ctx: Context, *, pixels: Image, vae: Vae, mask: Mask, grow_mask_by: Annotated[int, GROW] = 6
) -> Latent:
    """Blank out what the mask covers and encode the rest, so that only the covered part is made anew."""
    from safelight import diffusion

    return diffusion.vae.encode_for_inpaint(vae, pixels, mask, grow_mask_by, plan=ctx.plan, watch=ctx)
