"""InpaintModelConditioning."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Conditioning, Context, Image, Latent, Mask, Out, Toggle, Vae, node

KEEPS = Toggle(
    tip="Keep what the mask leaves out exactly as it is. Off, the model may touch it up, for softer seams."
)


class Prepared(NamedTuple):
    """Both prompts with the picture and its mask, and the latent to sample."""

    positive: Annotated[Conditioning, Out("What to make, with the picture and its mask.")]
    negative: Annotated[Conditioning, Out("What to avoid, with the picture and its mask.")]
    latent: Annotated[Latent, Out("The picture as a latent, to sample.")]


@node("InpaintModelConditioning", category="model/conditioning", aliases=("inpaint", "fill"))
def inpaint(
    ctx: Context,
    *,
    positive: Conditioning,
    negative: Conditioning,
    vae: Vae,
    pixels: Image,
    mask: Mask,
    noise_mask: Annotated[bool, KEEPS] = True,
) -> Prepared:
    """Show a picture and its mask to a model that was trained for inpainting.

    Such a model (its UNet has nine input channels) sees what surrounds the part to make anew, so that the new
    part fits at full denoise. Other models take no notice; for them the latent's mask alone counts.
    """
    from safelight import diffusion

    return Prepared(
        *diffusion.companion.inpainting(
            positive, negative, vae, pixels, mask, noise_mask, plan=ctx.plan, watch=ctx
        )
    )
