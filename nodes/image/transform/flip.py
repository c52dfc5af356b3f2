"""Flip Image."""

from __future__ import annotations

from nodes.types import FlipMethod
from safelight import Image, node


@node("ImageFlip", category="image/transform", title="Flip Image", aliases=("mirror",))
def flip(*, image: Image, flip_method: FlipMethod = "x-axis: vertically") -> Image:
    """Mirror pictures."""
    from safelight import diffusion

    return diffusion.transform.flip(image, flip_method, (1, 2))
