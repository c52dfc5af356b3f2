"""Latent Composite."""

from __future__ import annotations

from typing import Annotated

from nodes.types import CellX, CellY
from safelight import Latent, Number, node

FEATHER = Number(min=0, max=16384, step=8, tip="Pixels over which the edges fade into what lies below.")


@node("LatentComposite", category="model/latent", title="Latent Composite", aliases=("paste", "overlay"))
def composite(
    *,
    samples_to: Latent,
    samples_from: Latent,
    x: CellX = 0,
    y: CellY = 0,
    feather: Annotated[int, FEATHER] = 0,
) -> Latent:
    """Lay one latent image on another at a place given in pixels."""
    from safelight import diffusion

    return diffusion.splice.laid(samples_to, samples_from, x, y, feather)
