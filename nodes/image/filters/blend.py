"""Blend Images."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Image, Number, node

FACTOR = Number(min=0.0, max=1.0, step=0.01, tip="How much of the blend shows over the first picture.")
Mode = Annotated[
    Literal["normal", "multiply", "screen", "overlay", "soft_light", "difference"],
    Choice(tip="What the two colours make."),
]


@node("ImageBlend", category="image/filters", title="Blend Images", aliases=("mix", "overlay"))
def blend(
    *,
    image1: Image,
    image2: Image,
    blend_factor: Annotated[float, FACTOR] = 0.5,
    blend_mode: Mode = "normal",
) -> Image:
    """Mix two pictures. The second is brought to the size of the first."""
    from safelight import diffusion

    return diffusion.composite.blended(image1, image2, blend_factor, blend_mode)
