"""Image Composite Masked."""

from __future__ import annotations

from typing import Annotated

from nodes.types import PlaceX, PlaceY
from safelight import Image, Mask, Toggle, node

STRETCH = Toggle(tip="Bring the source to the size of the destination first.")


@node(
    "ImageCompositeMasked",
    category="image/compositing",
    title="Image Composite Masked",
    aliases=("paste", "overlay", "layer"),
)
def paste(
    *,
    destination: Image,
    source: Image,
    x: PlaceX = 0,
    y: PlaceY = 0,
    resize_source: Annotated[bool, STRETCH] = False,
    mask: Mask | None = None,
) -> Image:
    """Lay one picture over another at a place, as far as the mask is white there."""
    from safelight import diffusion

    above = diffusion.composite.with_channels(source, destination.shape[-1]).movedim(-1, 1)
    below = destination.movedim(-1, 1)
    return diffusion.composite.pasted(below, above, x, y, mask, stretch=resize_source).movedim(1, -1)
