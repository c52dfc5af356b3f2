"""Save Animated PNG."""

from __future__ import annotations

from typing import Annotated

from nodes.types import FilePrefix, FrameRate
from safelight import Context, Image, Number, Out, node

COMPRESS = Number(min=0, max=9, advanced=True, tip="0 writes fastest, 9 makes the smallest file.")


@node(
    "SaveAnimatedPNG",
    category="image",
    title="Save Animated PNG",
    aliases=("apng", "animation"),
    effect=True,
    lane="io",
)
def save_png(
    ctx: Context,
    *,
    images: Image,
    filename_prefix: FilePrefix = "ComfyUI",
    fps: FrameRate = 6.0,
    compress_level: Annotated[int, COMPRESS] = 4,
) -> Annotated[Image, Out("The pictures as they came in.", name="images")]:
    """Save a batch of pictures as one animation (APNG), without loss. It carries its workflow."""
    from safelight import diffusion

    height, width = images.shape[1:3]
    path = ctx.reserve(filename_prefix, ".png", width=width, height=height)
    diffusion.animation.save_png(
        images, path, fps=fps, compress=compress_level, prompt=ctx.prompt, workflow=ctx.workflow
    )
    ctx.show("images", [ctx.entry(path)])
    ctx.show("animated", [True])
    return images
