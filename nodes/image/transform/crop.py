"""Crop Image."""

from __future__ import annotations

from nodes.types import PartHeight, PartWidth, PlaceX, PlaceY
from safelight import Image, node


@node(
    "ImageCrop",
    category="image/transform",
    title="Crop Image (by numbers)",
    aliases=("cut",),
    deprecated="Use Crop Image (ImageCropV2), which takes a rectangle.",
)
def crop(
    *, image: Image, width: PartWidth = 512, height: PartHeight = 512, x: PlaceX = 0, y: PlaceY = 0
) -> Image:
    """Cut a part out of pictures; what lies beyond their edges is left out."""
    from safelight import diffusion

    return diffusion.transform.crop(image, x, y, width, height)
