"""CLIP Text Encode."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from safelight import BadInput, Clip, Conditioning, Context, Text, node

PROMPT = Text(
    multiline=True,
    dynamic_prompts=True,
    tip="What the picture shows. (words:1.2) weighs words, {a|b} picks one, embedding:name uses a file.",
)


@node("CLIPTextEncode", category="model/conditioning", title="CLIP Text Encode (Prompt)", aliases=("prompt",))
def encode_text(ctx: Context, *, text: Annotated[str, PROMPT], clip: Clip) -> Conditioning:
    """Turn a prompt into what the model is steered by."""
    from safelight import diffusion

    def embedding(name: str) -> Path | None:
        try:
            return ctx.open(ctx.folders.find("embeddings", name)).path
        except BadInput:
            return None

    return diffusion.text.encode(clip, text, plan=ctx.plan, watch=ctx, embeddings=embedding)
