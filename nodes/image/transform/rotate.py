"""Rotate Image."""

from __future__ import annotations

from nodes.types import Rotation
from safelight import Image, node


@node("ImageRotate", category="image/transform", title="Rotate Image", aliases=("turn",))
def rotate(*, image: Image, rotation: Rotation = "none") -> Image:
    """Turn pictures clockwise by quarters."""
    from safelight import diffusion

    return diffusion.transform.rotate(image, rotation, (1, 2))
