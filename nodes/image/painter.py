"""Painter."""

from __future__ import annotations

from typing import Annotated

from nodes.image.load import Picture
from nodes.image.save import write
from nodes.types import Colour
from safelight import BadInput, Context, Image, In, Number, Text, node

PAINTED = Text(tip="The picture that was painted on the node: it lies over the one below.")
WIDE = Number(min=64, max=4096, step=64, tip="Width in pixels, where there is no picture to paint on.")
HIGH = Number(min=64, max=4096, step=64, tip="Height in pixels, where there is no picture to paint on.")


@node("Painter", category="image", title="Painter", aliases=("draw", "paint", "sketch", "brush", "canvas"))
def paint(
    ctx: Context,
    *,
    mask: Annotated[str, PAINTED] = "",
    width: Annotated[int, WIDE] = 512,
    height: Annotated[int, HIGH] = 512,
    bg_color: Colour = "#000000",
    image: Annotated[Image | None, In("The picture to paint on; of a batch the first.")] = None,
) -> Picture:
    """Paint on a canvas, or on a picture.

    The mask is white where something was painted.
    """
    from safelight import diffusion

    below = image
    if below is None:
        try:
            colour, _ = diffusion.colour.parsed(bg_color)
        except diffusion.failure.UnsupportedError as error:
            raise BadInput("bg_color", error.problem, error.remedy) from error
        below = diffusion.colour.plain(width, height, 1, colour)
    path = ctx.open(ctx.folders.find("input", mask.strip())).path if mask.strip() else None
    made, painted = diffusion.picture.painted(below[:1], path)
    write(ctx, made, "painter", "temp", compress=1)
    return Picture(made, painted)
