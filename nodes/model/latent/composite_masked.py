"""Latent Composite Masked."""

from __future__ import annotations

from typing import Annotated

from nodes.types import CellX, CellY
from safelight import Latent, Mask, Toggle, node

STRETCH = Toggle(tip="Bring the source to the size of the destination first.")


@node(
    "LatentCompositeMasked",
    category="model/latent",
    title="Latent Composite Masked",
    aliases=("paste", "overlay"),
)
def composite_masked(
    *,
    destination: Latent,
    source: Latent,
    x: CellX = 0,
    y: CellY = 0,
    resize_source: Annotated[bool, STRETCH] = False,
    mask: Mask | None = None,
) -> Latent:
    """Lay one latent image on another at a place given in pixels, as far as the mask is white there."""
    from safelight import diffusion

    return diffusion.splice.pasted_by(destination, source, x, y, mask, stretch=resize_source)
