"""Bounding Box."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Box
from safelight import Number, Out, node

X = Number(min=0, max=16384, tip="Pixels from the left.")
Y = Number(min=0, max=16384, tip="Pixels from the top.")
WIDTH = Number(min=1, max=16384, tip="Width in pixels.")
HEIGHT = Number(min=1, max=16384, tip="Height in pixels.")


@node("PrimitiveBoundingBox", category="utilities/primitive", title="Bounding Box", aliases=("rectangle",))
def bounding_box(
    *,
    x: Annotated[int, X] = 0,
    y: Annotated[int, Y] = 0,
    width: Annotated[int, WIDTH] = 512,
    height: Annotated[int, HEIGHT] = 512,
) -> Annotated[Box, Out("The rectangle.")]:
    """Hold a rectangle, for Crop Image, say."""
    return {"x": x, "y": y, "width": width, "height": height}
