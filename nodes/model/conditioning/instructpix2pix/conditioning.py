"""InstructPixToPixConditioning."""

from __future__ import annotations

from nodes.model.conditioning.inpaint import Prepared
from safelight import Conditioning, Context, Image, Vae, node


@node(
    "InstructPixToPixConditioning",
    category="model/conditioning/instructpix2pix",
    aliases=("edit", "ip2p"),
)
def condition_editing(
    ctx: Context, *, positive: Conditioning, negative: Conditioning, vae: Vae, pixels: Image
) -> Prepared:
    """Show a picture to a model that edits by instruction, such as "make it winter".

    Such a model's UNet has eight input channels. Sample the empty latent that comes out at full denoise.
    """
    from safelight import diffusion

    return Prepared(*diffusion.companion.editing(positive, negative, vae, pixels, plan=ctx.plan, watch=ctx))
