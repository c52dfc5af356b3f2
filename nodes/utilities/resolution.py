"""Resolution Selector."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from safelight import Choice, Number, Out, node

Ratio = Annotated[
    Literal[
        "1:1 (Square)",
        "2:3 (Portrait Photo)",
        "3:2 (Photo)",
        "3:4 (Portrait Standard)",
        "4:3 (Standard)",
        "9:16 (Portrait Widescreen)",
        "16:9 (Widescreen)",
        "21:9 (Ultrawide)",
    ],
    Choice(tip="Width to height."),
]
MEGAPIXELS = Number(min=0.1, max=16.0, step=0.1, tip="Millions of pixels (of 1024 x 1024).")
MULTIPLE = Number(min=8, max=128, step=4, advanced=True, tip="Round width and height to a multiple of this.")


class Resolution(NamedTuple):
    """A size for pictures."""

    width: Annotated[int, Out("In pixels.")]
    height: Annotated[int, Out("In pixels.")]


@node(
    "ResolutionSelector",
    category="utilities",
    title="Resolution Selector",
    aliases=("size", "aspect ratio", "dimensions"),
)
def resolution(
    *,
    aspect_ratio: Ratio = "1:1 (Square)",
    megapixels: Annotated[float, MEGAPIXELS] = 1.0,
    multiple: Annotated[int, MULTIPLE] = 8,
) -> Resolution:
    """Work out a width and a height from proportions and a number of pixels."""
    width, height = map(int, aspect_ratio.split(maxsplit=1)[0].split(":"))
    scale = (megapixels * 1024 * 1024 / (width * height)) ** 0.5
    return Resolution(*(max(1, round(side * scale / multiple)) * multiple for side in (width, height)))
