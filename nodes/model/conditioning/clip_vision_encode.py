"""CLIP Vision Encode."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, ClipVision, ClipVisionOutput, Context, Image, node

VisionCrop = Annotated[
    Literal["center", "none"],
    Choice(tip="What happens to pictures that are not square: keep the middle, or squeeze them into one."),
]


@node("CLIPVisionEncode", category="model/conditioning", title="CLIP Vision Encode")
def encode_vision(
    ctx: Context, *, clip_vision: ClipVision, image: Image, crop: VisionCrop = "center"
) -> ClipVisionOutput:
    """Have an encoder look at pictures; each becomes the numbers that say what it shows."""
    from safelight import diffusion

    return diffusion.vision.encode(clip_vision, image, crop=crop == "center", plan=ctx.plan, watch=ctx)
