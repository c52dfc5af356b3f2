"""Stitch Images."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Image, Number, Toggle, node

DIRECTION = Choice(tip="On which side of the first the second goes.")
MATCH = Toggle(tip="Scale the second until the sides that meet are as long.")
SPACING = Number(min=0, max=1024, step=2, advanced=True, tip="Pixels between them.")
COLOUR = Choice(advanced=True, tip="The colour between them, and around the smaller one.")


@node(
    "ImageStitch",
    category="image/transform",
    title="Stitch Images",
    aliases=("side by side", "concat", "join"),
)
def stitch(
    *,
    image1: Image,
    direction: Annotated[Literal["right", "down", "left", "up"], DIRECTION] = "right",
    match_image_size: Annotated[bool, MATCH] = True,
    spacing_width: Annotated[int, SPACING] = 0,
    spacing_color: Annotated[Literal["white", "black", "red", "green", "blue"], COLOUR] = "white",
    image2: Image | None = None,
) -> Image:
    """Set two pictures side by side. Without a second one the first goes through as it is."""
    from safelight import diffusion

    if image2 is None:
        return image1
    return diffusion.transform.stitch(
        image1, image2, direction, match=match_image_size, spacing=spacing_width, colour=spacing_color
    )
