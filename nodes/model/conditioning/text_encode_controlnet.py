"""CLIP Text Encode (Controlnet)."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from nodes.model.conditioning.text_encode import PROMPT
from safelight import Clip, Conditioning, Context, node


@node(
    "CLIPTextEncodeControlnet",
    category="model/conditioning",
    title="CLIP Text Encode (Controlnet)",
    experimental=True,
)
def encode_text_for_controlnet(
    ctx: Context, *, clip: Clip, conditioning: Conditioning, text: Annotated[str, PROMPT]
) -> Conditioning:
    """Tell ControlNets another text than the model: what their picture shows, say, and nothing of the style.

    Connect it before or after Apply ControlNet. A prompt that no picture steers stays as it is.
    """
    from safelight import diffusion

    find = partial(ctx.find, "embeddings")
    said = diffusion.text.encode(clip, text, plan=ctx.plan, watch=ctx, embeddings=find)
    return diffusion.control.told(conditioning, said)
