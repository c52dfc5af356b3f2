"""Crop By Bounding Boxes."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import Box
from safelight import Choice, Image, In, Number, node

WIDTH = Number(min=64, max=4096, step=8, tip="Width of each piece in pixels.")
HEIGHT = Number(min=64, max=4096, step=8, tip="Height of each piece in pixels.")
PADDING = Number(min=0, max=1024, step=1, tip="Pixels to add around each box first.")
ASPECT = Choice(tip="Fill the size by stretching, or keep the proportions and pad with black.")


@node(
    "CropByBBoxes",
    category="image/transform",
    title="Crop By Bounding Boxes",
    aliases=("cut", "face", "detection"),
)
def crop_boxes(
    *,
    image: Image,
    bboxes: Annotated[Box, In("One box, a list of boxes, or a list for each picture.")],
    output_width: Annotated[int, WIDTH] = 512,
    output_height: Annotated[int, HEIGHT] = 512,
    padding: Annotated[int, PADDING] = 0,
    keep_aspect: Annotated[Literal["stretch", "pad"], ASPECT] = "stretch",
) -> Image:
    """Cut what lies in boxes out of pictures; all pieces come as one batch of one size."""
    from safelight import diffusion

    stretch = keep_aspect == "stretch"
    return diffusion.boxes.cropped(image, bboxes, output_width, output_height, padding, stretch=stretch)
