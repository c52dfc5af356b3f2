"""Scale Image to Max Dimension."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Image, Number, node

METHOD = Choice(tip="How new pixels are made from old ones: lanczos is sharpest, area best for shrinking.")
LARGEST = Number(min=0, max=16384, step=1, tip="The longer side in pixels.")


@node(
    "ImageScaleToMaxDimension",
    category="image/upscaling",
    title="Scale Image to Max Dimension",
    aliases=("resize", "longest side"),
)
def scale_to_longest(
    *,
    image: Image,
    upscale_method: Annotated[
        Literal["area", "lanczos", "bilinear", "nearest-exact", "bicubic"], METHOD
    ] = "area",
    largest_size: Annotated[int, LARGEST] = 512,
) -> Image:
    """Scale pictures until their longer side has a length, keeping their proportions."""
    from safelight import diffusion

    height, width = image.shape[1:3]
    scale = largest_size / max(height, width)
    height, width = max(1, round(height * scale)), max(1, round(width * scale))
    return diffusion.resize.resize(image.movedim(-1, 1), width, height, upscale_method).movedim(1, -1)
