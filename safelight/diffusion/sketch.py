"""Sketches of boxes over a dimmed picture: their outlines, numbers, colours and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from safelight.diffusion.channel import coloured
from safelight.diffusion.colour import parsed
from safelight.diffusion.element import COLOURS, about
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.picture import from_pillow, to_pillow

LONGEST = 1024
"""The longer side of a sketch is no longer than this."""
DIM = 0.25
GREY = 0x8C8C8C
MOST = 4096

Box = dict[str, Any]
Edges = tuple[int, int, int, int]


def sketched(boxes: Sequence[Box], width: int, height: int, background: Tensor | None = None) -> Tensor:
    """A sketch [1, H, W, 3] of boxes of a picture of this size, over another that may differ from it."""
    below = Image.new("RGB", (width, height), (128, 128, 128))
    if background is not None:
        below = to_pillow(coloured(background[:1])[0])
    scale = min(1.0, LONGEST / max(below.size))
    size = (max(1, round(below.width * scale)), max(1, round(below.height * scale)))
    sheet = below.resize(size, Image.Resampling.LANCZOS).point(lambda level: level * DIM)
    draw = ImageDraw.Draw(sheet)
    for number, box in enumerate(boxes[:MOST]):
        _sketch(draw, number, box, _edges(box, (size[0] / width, size[1] / height), size))
    return from_pillow(sheet)[None]


def _edges(box: Box, scale: tuple[float, float], size: tuple[int, int]) -> Edges:
    xs = sorted((box["x"] * scale[0], (box["x"] + box["width"]) * scale[0]))
    ys = sorted((box["y"] * scale[1], (box["y"] + box["height"]) * scale[1]))
    left, right = (round(min(max(x, 0), size[0] - 1)) for x in xs)
    top, bottom = (round(min(max(y, 0), size[1] - 1)) for y in ys)
    return left, top, right, bottom


def _sketch(draw: ImageDraw.ImageDraw, number: int, box: Box, edges: Edges) -> None:
    told = about(box)
    colours = [_colour(one) for one in told["palette"][:COLOURS]] or [GREY]
    left, top, right, bottom = edges
    draw.rectangle(edges, outline=_shades(colours[0]), width=2)
    for place, colour in enumerate(colours if len(colours) > 1 else ()):
        step = (right - left) / len(colours)
        band = (left + round(place * step), top, left + round((place + 1) * step), min(bottom, top + 6))
        draw.rectangle(band, fill=_shades(colour))
    words = f"“{told['text']}” {told['desc']}" if told["text"] else told["desc"]
    font = ImageFont.load_default(max(10, round(draw.im.size[1] / 64)))
    line = round(font.getbbox("Ag")[3]) + 2
    lines = _lines(draw, f"{number + 1}. {words}".strip(), font, right - left - 8)
    for row, text in enumerate(lines[: max(1, (bottom - top - 8) // line)]):
        draw.text((left + 5, top + 8 + row * line), text, fill=_readable(colours[0]), font=font)


def _lines(draw: ImageDraw.ImageDraw, text: str, font: Any, width: int) -> list[str]:
    """A text in lines of a width, as far as its words allow."""
    lines = [""]
    for word in text[:2000].split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font=font) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _colour(told: str) -> int:
    try:
        return parsed(told)[0]
    except UnsupportedError:
        return GREY


def _shades(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF


def _readable(colour: int) -> tuple[int, int, int]:
    """A colour that can be read on the dimmed ground: brought half way to white."""
    red, green, blue = ((255 + shade) // 2 for shade in _shades(colour))
    return red, green, blue
