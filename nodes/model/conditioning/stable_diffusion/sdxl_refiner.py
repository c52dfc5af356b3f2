"""CLIP Text Encode (SDXL Refiner)."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from nodes.model.conditioning.stable_diffusion.sdxl import Height, Width
from nodes.model.conditioning.text_encode import PROMPT
from safelight import Clip, Conditioning, Context, Number, node

SCORE = Number(
    min=0.0,
    max=1000.0,
    step=0.01,
    tip="How beautiful the picture is to be: 6 for what is wanted, 2.5 for what is not.",
)


@node(
    "CLIPTextEncodeSDXLRefiner",
    category="model/conditioning/stable diffusion",
    title="CLIP Text Encode (SDXL Refiner)",
    aliases=("prompt",),
)
def encode_sdxl_refiner(
    ctx: Context,
    *,
    ascore: Annotated[float, SCORE] = 6.0,
    width: Width = 1024,
    height: Height = 1024,
    text: Annotated[str, PROMPT],
    clip: Clip,
) -> Conditioning:
    """Turn a prompt into what SDXL's refiner is steered by, with the picture's size and its beauty."""
    from safelight import diffusion

    find = partial(ctx.find, "embeddings")
    encoded = diffusion.text.encode(clip, text, plan=ctx.plan, watch=ctx, embeddings=find)
    told = {"aesthetic_score": ascore, "width": width, "height": height}
    return [[tensor, {**options, **told}] for tensor, options in encoded]
