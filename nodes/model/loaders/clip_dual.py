"""Load CLIP (Dual)."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.model.loaders.clip import ClipDevice, ClipName, refuse_other
from safelight import Choice, Clip, Context, node

DualType = Annotated[
    Literal[
        "sdxl",
        "sd3",
        "flux",
        "hunyuan_video",
        "hidream",
        "hunyuan_image",
        "hunyuan_video_15",
        "kandinsky5",
        "kandinsky5_image",
        "ltxv",
        "newbie",
        "ace",
    ],
    Choice(tip="What kind of model they are for. Those of Stable Diffusion XL are known so far."),
]


@node("DualCLIPLoader", category="model/loaders", title="Load CLIP (Dual)", lane="io")
def load_clip_dual(
    ctx: Context,
    *,
    clip_name1: ClipName,
    clip_name2: ClipName,
    type: DualType = "sdxl",
    device: ClipDevice = "default",  # noqa: ARG001 - saved files say it
) -> Clip:
    """Choose two text encoder files that work together: CLIP-L and CLIP-G for Stable Diffusion XL."""
    from safelight import diffusion

    refuse_other("type", type, "sdxl")
    files = [ctx.open(ctx.folders.find("text_encoders", name)) for name in (clip_name1, clip_name2)]
    return diffusion.lone.clip(files)
