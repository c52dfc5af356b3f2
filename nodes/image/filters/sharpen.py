"""Sharpen Image."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, node

RADIUS = Number(min=1, max=31, step=1, advanced=True, tip="How wide the edges are, in pixels.")
SIGMA = Number(
    min=0.1, max=10.0, step=0.01, advanced=True, tip="How evenly the pixels within the radius count."
)
ALPHA = Number(min=0.0, max=5.0, step=0.01, advanced=True, tip="How much sharper; 0 changes nothing.")


@node("ImageSharpen", category="image/filters", title="Sharpen Image", aliases=("unsharp mask", "crisp"))
def sharpen(
    *,
    image: Image,
    sharpen_radius: Annotated[int, RADIUS] = 1,
    sigma: Annotated[float, SIGMA] = 1.0,
    alpha: Annotated[float, ALPHA] = 1.0,
) -> Image:
    """Make the edges in pictures harder (unsharp masking)."""
    from safelight import diffusion

    return diffusion.filter.sharpen(image, sharpen_radius, sigma, alpha)
