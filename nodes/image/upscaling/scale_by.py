"""Upscale Image By."""

from __future__ import annotations

from nodes.types import ImageMethod, ScaleBy
from safelight import Image, node


@node("ImageScaleBy", category="image/upscaling", title="Upscale Image By", aliases=("resize", "scale"))
def scale_by(
    *, image: Image, upscale_method: ImageMethod = "nearest-exact", scale_by: ScaleBy = 1.0
) -> Image:
    """Make pictures larger or smaller by a factor."""
    from safelight import diffusion

    height, width = (max(1, round(side * scale_by)) for side in image.shape[1:3])
    return diffusion.resize.resize(image.movedim(-1, 1), width, height, upscale_method, "disabled").movedim(
        1, -1
    )
