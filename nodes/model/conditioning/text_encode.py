"""CLIP Text Encode."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from safelight import Clip, Conditioning, Context, Text, node

PROMPT = Text(
    multiline=True,
    dynamic_prompts=True,
    tip="What the picture shows. (words:1.2) weighs words, {a|b} picks one, embedding:name uses a file.",
)


@node("CLIPTextEncode", category="model/conditioning", title="CLIP Text Encode (Prompt)", aliases=("prompt",))
def encode_text(ctx: Context, *, text: Annotated[str, PROMPT], clip: Clip) -> Conditioning:
    """Turn a prompt into what the model is steered by."""
    from safelight import diffusion

    find = partial(ctx.find, "embeddings")
    return diffusion.text.encode(clip, text, plan=ctx.plan, watch=ctx, embeddings=find)
