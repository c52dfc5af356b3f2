"""Crop Image (Center)."""

from __future__ import annotations

from typing import Annotated

from nodes.types import CropHeight, CropWidth
from safelight import Image, Out, node


@node(
    "CenterCropImages",
    category="image/transform",
    title="Crop Image (Center)",
    aliases=("cut", "middle"),
    experimental=True,
)
def center_crop(
    *, images: Image, width: CropWidth = 512, height: CropHeight = 512
) -> Annotated[Image, Out("The middle of each picture.", name="images")]:
    """Cut the edges of pictures off evenly until they are at most so large."""
    from safelight import diffusion

    return diffusion.transform.centre(images, width, height)
