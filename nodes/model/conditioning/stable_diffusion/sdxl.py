"""CLIP Text Encode (SDXL)."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from nodes.types import LARGEST_SIDE
from safelight import Clip, Conditioning, Context, Number, Text, node


def side(tip: str, advanced: bool = False) -> Number:
    """A length in pixels that SDXL is told."""
    return Number(min=0, max=LARGEST_SIDE, advanced=advanced, tip=tip)


SourceWidth = Annotated[int, side("How wide the picture was before it was cropped: small ones look blurred.")]
SourceHeight = Annotated[int, side("How high the picture was before it was cropped.")]
CropX = Annotated[int, side("How much was cropped off at the left; 0 shows things whole.", advanced=True)]
CropY = Annotated[int, side("How much was cropped off at the top; 0 shows things whole.", advanced=True)]
Width = Annotated[int, side("How wide the picture is to be.")]
Height = Annotated[int, side("How high the picture is to be.")]
LARGE = Text(
    multiline=True,
    dynamic_prompts=True,
    tip="The prompt for the large text encoder, which understands sentences.",
)
SMALL = Text(
    multiline=True, dynamic_prompts=True, tip="The prompt for the small text encoder; often the same words."
)


@node(
    "CLIPTextEncodeSDXL",
    category="model/conditioning/stable diffusion",
    title="CLIP Text Encode (SDXL)",
    aliases=("prompt",),
)
def encode_sdxl(
    ctx: Context,
    *,
    clip: Clip,
    width: SourceWidth = 1024,
    height: SourceHeight = 1024,
    crop_w: CropX = 0,
    crop_h: CropY = 0,
    target_width: Width = 1024,
    target_height: Height = 1024,
    text_g: Annotated[str, LARGE],
    text_l: Annotated[str, SMALL],
) -> Conditioning:
    """Turn a prompt for each of SDXL's two text encoders into what the model is steered by, with sizes.

    SDXL was told of each picture in its training how large it was and how it was cropped, and draws what such
    a picture would look like.
    """
    from safelight import diffusion

    return diffusion.text.encode_apart(
        clip,
        text_g,
        text_l,
        plan=ctx.plan,
        watch=ctx,
        embeddings=partial(ctx.find, "embeddings"),
        width=width,
        height=height,
        crop_w=crop_w,
        crop_h=crop_h,
        target_width=target_width,
        target_height=target_height,
    )
