"""Detect Edges (Canny)."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, node

LOW = Number(min=0.01, max=0.99, step=0.01, tip="How steep an edge must be to go on from a clear one.")
HIGH = Number(min=0.01, max=0.99, step=0.01, tip="How steep an edge must be to be clear.")


@node(
    "Canny", category="image/filters", title="Detect Edges (Canny)", aliases=("outline", "lineart", "contour")
)
def canny(
    *, image: Image, low_threshold: Annotated[float, LOW] = 0.4, high_threshold: Annotated[float, HIGH] = 0.8
) -> Image:
    """Draw the edges of pictures as white lines on black, for a ControlNet, say."""
    from safelight import BadInput, diffusion

    if low_threshold > high_threshold:
        raise BadInput("low_threshold", "it is above high_threshold", "Lower it.")
    return diffusion.filter.canny(image, low_threshold, high_threshold)
