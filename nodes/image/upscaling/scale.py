"""Upscale Image."""

from __future__ import annotations

from nodes.types import Crop, ImageMethod, NewHeight, NewWidth
from safelight import Image, node


@node("ImageScale", category="image/upscaling", title="Upscale Image", aliases=("resize", "scale"))
def scale(
    *,
    image: Image,
    upscale_method: ImageMethod = "nearest-exact",
    width: NewWidth = 512,
    height: NewHeight = 512,
    crop: Crop = "disabled",
) -> Image:
    """Bring pictures to a size. A width or height of 0 follows from the other one; both 0 change nothing."""
    from safelight import diffusion

    if width == height == 0:
        return image
    old_height, old_width = image.shape[1:3]
    width = width or max(1, round(old_width * height / old_height))
    height = height or max(1, round(old_height * width / old_width))
    return diffusion.resize.resize(image.movedim(-1, 1), width, height, upscale_method, crop).movedim(1, -1)
