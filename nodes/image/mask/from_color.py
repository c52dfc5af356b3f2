"""Convert Image Color to Mask."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Mask, Number, node

COLOUR = Number(min=0, max=0xFFFFFF, step=1, tip="The colour as a number: red * 65536 + green * 256 + blue.")


@node("ImageColorToMask", category="image/mask", title="Convert Image Color to Mask", aliases=("chroma key",))
def from_color(*, image: Image, color: Annotated[int, COLOUR] = 0) -> Mask:
    """Make a mask of where pictures have exactly one colour."""
    from safelight import diffusion

    return diffusion.mask.of_colour(image, color)
