"""Resize And Pad Image."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import PartHeight, PartWidth
from safelight import Choice, Image, node

COLOUR = Choice(advanced=True, tip="The colour around the picture.")
METHOD = Choice(advanced=True, tip="How new pixels are made from old ones.")


@node(
    "ResizeAndPadImage",
    category="image/transform",
    title="Resize And Pad Image",
    aliases=("letterbox", "fit"),
)
def resize_and_pad(
    *,
    image: Image,
    target_width: PartWidth = 512,
    target_height: PartHeight = 512,
    padding_color: Annotated[Literal["white", "black"], COLOUR] = "white",
    interpolation: Annotated[
        Literal["area", "bicubic", "nearest-exact", "bilinear", "lanczos"], METHOD
    ] = "area",
) -> Image:
    """Fit whole pictures into a size, with bars where the proportions differ."""
    from safelight import diffusion

    return diffusion.transform.within(image, target_width, target_height, padding_color, interpolation)
