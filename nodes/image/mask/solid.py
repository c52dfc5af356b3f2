"""Create Solid Mask."""

from __future__ import annotations

from typing import Annotated

from nodes.types import PartHeight, PartWidth
from safelight import Mask, Number, node

VALUE = Number(min=0.0, max=1.0, step=0.01, tip="0 is black, 1 is white.")


@node("SolidMask", category="image/mask", title="Create Solid Mask", aliases=("empty", "blank", "fill"))
def solid(*, value: Annotated[float, VALUE] = 1.0, width: PartWidth = 512, height: PartHeight = 512) -> Mask:
    """Make a mask that is the same everywhere."""
    from safelight import diffusion

    return diffusion.mask.solid(value, width, height)
