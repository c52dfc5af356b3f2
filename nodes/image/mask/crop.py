"""Crop Mask."""

from __future__ import annotations

from nodes.types import PartHeight, PartWidth, PlaceX, PlaceY
from safelight import Mask, node


@node("CropMask", category="image/mask", title="Crop Mask", aliases=("cut",))
def crop(
    *, mask: Mask, x: PlaceX = 0, y: PlaceY = 0, width: PartWidth = 512, height: PartHeight = 512
) -> Mask:
    """Cut a part out of a mask; what lies beyond its edges is left out."""
    from safelight import BadInput, diffusion

    mask = diffusion.mask.stacked(mask)
    rows, columns = mask.shape[1:]
    if x >= columns or y >= rows:
        raise BadInput(
            "x" if x >= columns else "y", f"it lies outside the mask of {columns} x {rows}", "Choose less."
        )
    return mask[:, y : y + height, x : x + width]
