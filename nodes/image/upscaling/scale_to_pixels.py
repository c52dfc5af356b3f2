"""Scale Image to Total Pixels."""

from __future__ import annotations

from typing import Annotated

from nodes.types import ImageMethod
from safelight import BadInput, Image, Number, node

LONGEST = 32768
"""The longest side of a result."""
MEGAPIXELS = Number(
    min=0.01, max=16.0, step=0.01, tip="Millions of pixels (of 1024 x 1024): 1 is what SDXL was trained on."
)
STEPS = Number(min=1, max=256, advanced=True, tip="Round width and height to a multiple of this.")


@node(
    "ImageScaleToTotalPixels",
    category="image/upscaling",
    title="Scale Image to Total Pixels",
    aliases=("resize", "megapixels"),
)
def scale_to_pixels(
    *,
    image: Image,
    upscale_method: ImageMethod = "nearest-exact",
    megapixels: Annotated[float, MEGAPIXELS] = 1.0,
    resolution_steps: Annotated[int, STEPS] = 1,
) -> Image:
    """Scale pictures until they have so many pixels, keeping their proportions."""
    from safelight import diffusion

    rows, columns = image.shape[1:3]
    scale = (megapixels * 1024 * 1024 / (rows * columns)) ** 0.5
    height, width = (
        max(1, round(side * scale / resolution_steps)) * resolution_steps for side in (rows, columns)
    )
    if max(height, width) > LONGEST:
        raise BadInput(
            "image",
            f"it is so narrow ({columns} x {rows}) that it would become {width} x {height}",
            "Crop it first, or ask for fewer pixels.",
        )
    return diffusion.resize.resize(image.movedim(-1, 1), width, height, upscale_method).movedim(1, -1)
