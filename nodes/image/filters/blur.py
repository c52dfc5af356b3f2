"""Blur Image."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, node

RADIUS = Number(min=1, max=31, step=1, tip="How far it blurs, in pixels.")
SIGMA = Number(min=0.1, max=10.0, step=0.1, tip="How evenly the pixels within the radius count.")


@node("ImageBlur", category="image/filters", title="Blur Image", aliases=("soften", "gaussian"))
def blur(
    *, image: Image, blur_radius: Annotated[int, RADIUS] = 1, sigma: Annotated[float, SIGMA] = 1.0
) -> Image:
    """Soften pictures (a Gaussian blur)."""
    from safelight import diffusion

    return diffusion.filter.blur(image, blur_radius, sigma)
