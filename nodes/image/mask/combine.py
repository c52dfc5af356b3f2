"""Combine Masks."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import PlaceX, PlaceY
from safelight import Choice, Mask, node

Operation = Annotated[
    Literal["multiply", "add", "subtract", "and", "or", "xor"],
    Choice(tip="What becomes of both where they meet; and, or and xor know only black and white."),
]


@node(
    "MaskComposite", category="image/mask", title="Combine Masks", aliases=("union", "intersect", "subtract")
)
def combine(
    *, destination: Mask, source: Mask, x: PlaceX = 0, y: PlaceY = 0, operation: Operation = "multiply"
) -> Mask:
    """Combine a mask with another one that lies at a place on it; elsewhere it stays as it is."""
    from safelight import diffusion

    return diffusion.mask.composite(destination, source, x, y, operation)
