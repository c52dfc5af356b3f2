"""Texts written on pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from safelight.diffusion.colour import parsed
from safelight.diffusion.picture import from_pillow, to_pillow

MARGIN = 0.5
"""The space around the text, in heights of a line."""
RIM = 0.08


@dataclass(frozen=True)
class Style:
    """How a text is written: `size` is the height of a line as a part of the picture's."""

    size: float = 0.05
    colour: str = "#ffffff"
    position: Literal["top", "bottom"] = "top"
    align: Literal["left", "center", "right"] = "left"
    outline: bool = True


def written(images: Tensor, text: str, style: Style) -> Tensor:
    """Pictures [B, H, W, C] with a text on them, lines broken where they would leave the picture."""
    if not text.strip():
        return images
    colours = torch.stack([_over(one, text, style) for one in images[..., :3]])
    return torch.cat([colours, images[..., 3:]], dim=-1)


def _over(image: Tensor, text: str, style: Style) -> Tensor:
    """The text in 8 bits, the rest of the picture as it was."""
    picture = to_pillow(image)
    before = from_pillow(picture)
    after = from_pillow(_drawn(picture, text, style))
    return torch.where(after == before, image, after)


def _drawn(picture: Image.Image, text: str, style: Style) -> Image.Image:
    draw = ImageDraw.Draw(picture)
    pixels = max(6.0, picture.height * style.size)
    font = ImageFont.load_default(pixels)
    gap = round(pixels * MARGIN)
    lines = "\n".join(_broken(draw, line, picture.width - 2 * gap, font) for line in text.splitlines())
    left, _, right, bottom = draw.multiline_textbbox((0, 0), lines, font=font, align=style.align)
    x = {"left": gap, "center": (picture.width - right + left) / 2, "right": picture.width - gap - right}
    y = gap if style.position == "top" else picture.height - gap - bottom
    number, _ = parsed(style.colour)
    fill = (number >> 16, number >> 8 & 0xFF, number & 0xFF)
    dark = sum(fill) > 3 * 127
    draw.multiline_text(
        (x[style.align], y),
        lines,
        fill=fill,
        font=font,
        align=style.align,
        stroke_width=round(pixels * RIM) if style.outline else 0,
        stroke_fill="black" if dark else "white",
    )
    return picture


def _broken(draw: ImageDraw.ImageDraw, line: str, width: float, font: ImageFont.FreeTypeFont) -> str:
    """A line as several, none wider than `width` unless a single word is."""
    lines: list[str] = []
    for word in line.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font=font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
