"""Quantize Image."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Image, Number, node

COLOURS = Number(min=1, max=256, step=1, tip="How many colours there may be.")
Dither = Annotated[
    Literal["none", "floyd-steinberg", "bayer-2", "bayer-4", "bayer-8", "bayer-16"],
    Choice(tip="How steps between colours are hidden: not, by spreading the error, or by a pattern."),
]


@node(
    "ImageQuantize",
    category="image/filters",
    title="Quantize Image",
    aliases=("palette", "posterize", "dither"),
)
def quantize(*, image: Image, colors: Annotated[int, COLOURS] = 256, dither: Dither = "none") -> Image:
    """Reduce pictures to few colours, chosen for each picture."""
    from safelight import diffusion

    return diffusion.filter.quantize(image, colors, dither)
