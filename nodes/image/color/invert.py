"""Invert Image Colors."""

from __future__ import annotations

from safelight import Image, node


@node("ImageInvert", category="image/color", title="Invert Image Colors", aliases=("negative",))
def invert(*, image: Image) -> Image:
    """Turn every colour into its opposite."""
    return 1.0 - image
