"""Crop Image (Random)."""

from __future__ import annotations

from typing import Annotated

from nodes.types import CropHeight, CropWidth, SetSeed
from safelight import Image, Out, node


@node(
    "RandomCropImages",
    category="image/transform",
    title="Crop Image (Random)",
    aliases=("cut", "augment"),
    experimental=True,
)
def random_crop(
    *, images: Image, width: CropWidth = 512, height: CropHeight = 512, seed: SetSeed = 0
) -> Annotated[Image, Out("A part of each picture.", name="images")]:
    """Cut a part out of each picture at a random place, the same for the same seed."""
    from safelight import diffusion

    return diffusion.transform.anywhere(images, width, height, seed)
