"""Apply Style Model."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import (
    BadInput,
    Choice,
    ClipVisionOutput,
    Conditioning,
    Context,
    Number,
    StyleModel,
    node,
)

STRENGTH = Number(min=0.0, max=10.0, step=0.001, tip="How loudly the picture's words speak; 1 is as trained.")
KIND = Choice(tip="multiply makes the words larger or smaller; attn_bias is for models that are not here.")


@node("StyleModelApply", category="model/conditioning", title="Apply Style Model")
def apply_style_model(
    ctx: Context,
    *,
    conditioning: Conditioning,
    style_model: StyleModel,
    clip_vision_output: ClipVisionOutput,
    strength: Annotated[float, STRENGTH] = 1.0,
    strength_type: Annotated[Literal["multiply", "attn_bias"], KIND] = "multiply",
) -> Conditioning:
    """Put what a picture looks like behind the words of a prompt.

    The picture is to be encoded with CLIP ViT-L, without cropping if its edges matter.
    """
    from safelight import diffusion

    if strength_type == "attn_bias" and strength != 1.0:
        raise BadInput(
            "strength_type",
            "'attn_bias' is for models that attend to text and picture alike",
            "Set it to multiply.",
        )
    return diffusion.manner.apply(
        conditioning, style_model, clip_vision_output, strength, plan=ctx.plan, watch=ctx
    )
