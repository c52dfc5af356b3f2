"""Draw Text Overlay."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import Colour
from safelight import Choice, Image, Number, Out, Text, Toggle, node

WORDS = Text(multiline=True, tip="What to write; long lines are broken.")
SIZE = Number(min=0.5, max=50.0, step=0.5, tip="The height of a line, in percent of the picture's height.")
POSITION = Choice(tip="At which edge of the picture.")
ALIGN = Choice(tip="To which side lines are moved.")
OUTLINE = Toggle(tip="Draw a dark or light rim around the letters, so that they can be read on anything.")


@node("TextOverlay", category="text", title="Draw Text Overlay", aliases=("caption", "label", "watermark"))
def overlay(
    *,
    images: Image,
    text: Annotated[str, WORDS] = "",
    font_size: Annotated[float, SIZE] = 5.0,
    color: Colour = "#ffffff",
    position: Annotated[Literal["top", "bottom"], POSITION] = "top",
    align: Annotated[Literal["left", "center", "right"], ALIGN] = "left",
    outline: Annotated[bool, OUTLINE] = True,
) -> Annotated[Image, Out("The pictures with the text.", name="images")]:
    """Write a text on pictures."""
    from safelight import diffusion

    style = diffusion.caption.Style(font_size / 100, color, position, align, outline)
    return diffusion.caption.written(images, text, style)
