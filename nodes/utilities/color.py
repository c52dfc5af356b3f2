"""Color Picker."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from nodes.types import Colour, Hex
from safelight import Out, node


class Picked(NamedTuple):
    """A colour in several forms."""

    number: Annotated[int, Out("red * 65536 + green * 256 + blue.", name="rgb_int")]
    hex: Annotated[Hex, Out("As #rrggbb.")]
    alpha: Annotated[float, Out("How opaque it is, 0 to 1.")]


@node("ColorToRGBInt", category="utilities", title="Color Picker", aliases=("colour", "hex", "rgb"))
def color(*, color: Colour = "#ffffff") -> Picked:
    """Choose a colour, for Empty Image, say."""
    from safelight import diffusion

    number, alpha = diffusion.colour.parsed(color)
    return Picked(number, color, alpha)
