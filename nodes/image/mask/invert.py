"""Invert Mask."""

from __future__ import annotations

from safelight import Mask, node


@node("InvertMask", category="image/mask", title="Invert Mask", aliases=("negate", "reverse"))
def invert(*, mask: Mask) -> Mask:
    """Mean what was not meant: white becomes black."""
    return 1 - mask
