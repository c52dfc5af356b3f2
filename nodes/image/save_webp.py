"""Save Animated WEBP."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import FilePrefix, FrameRate
from safelight import Choice, Context, Image, Number, Out, Toggle, node

LOSSLESS = Toggle(tip="Keep every pixel as it is; otherwise smaller, with losses.")
QUALITY = Number(min=0, max=100, tip="With losses: 100 looks best. Without: 100 tries hardest to be small.")
METHOD = Choice(tip="Whether to take time for a smaller file.")
EFFORT = {"default": 4, "fastest": 0, "slowest": 6}


@node(
    "SaveAnimatedWEBP",
    category="image",
    title="Save Animated WEBP",
    aliases=("animation",),
    effect=True,
    lane="io",
)
def save_webp(
    ctx: Context,
    *,
    images: Image,
    filename_prefix: FilePrefix = "ComfyUI",
    fps: FrameRate = 6.0,
    lossless: Annotated[bool, LOSSLESS] = True,
    quality: Annotated[int, QUALITY] = 80,
    method: Annotated[Literal["default", "fastest", "slowest"], METHOD] = "default",
) -> Annotated[Image, Out("The pictures as they came in.", name="images")]:
    """Save a batch of pictures as one animation (WebP), small enough to share. It carries its workflow."""
    from safelight import diffusion

    height, width = images.shape[1:3]
    path = ctx.reserve(filename_prefix, ".webp", width=width, height=height)
    diffusion.animation.save_webp(
        images,
        path,
        fps=fps,
        lossless=lossless,
        quality=quality,
        effort=EFFORT[method],
        prompt=ctx.prompt,
        workflow=ctx.workflow,
    )
    ctx.show("images", [ctx.entry(path)])
    ctx.show("animated", [len(images) != 1])
    return images
