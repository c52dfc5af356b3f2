"""Empty Image."""

from __future__ import annotations

from typing import Annotated

from nodes.types import BatchSize, PartHeight, PartWidth
from safelight import Image, Number, node

COLOUR = Number(min=0, max=0xFFFFFF, step=1, tip="The colour as a number: red * 65536 + green * 256 + blue.")


@node("EmptyImage", category="image", title="Empty Image", aliases=("solid", "colour", "blank"))
def empty_image(
    *,
    width: PartWidth = 512,
    height: PartHeight = 512,
    batch_size: BatchSize = 1,
    color: Annotated[int, COLOUR] = 0,
) -> Image:
    """Make pictures of one colour."""
    from safelight import diffusion

    return diffusion.colour.plain(width, height, batch_size, color)
