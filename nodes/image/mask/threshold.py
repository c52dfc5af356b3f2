"""Threshold Mask."""

from __future__ import annotations

from typing import Annotated

from safelight import Mask, Number, node

VALUE = Number(min=0.0, max=1.0, step=0.01, tip="What is above becomes white, the rest black.")


@node("ThresholdMask", category="image/mask", title="Threshold Mask", aliases=("binarize",))
def threshold(*, mask: Mask, value: Annotated[float, VALUE] = 0.5) -> Mask:
    """Make a mask black and white."""
    return (mask > value).float()
