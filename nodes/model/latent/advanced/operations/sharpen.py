"""Latent Operation Sharpen."""

from __future__ import annotations

from typing import Annotated

from nodes.model.latent.advanced.operations.tonemap import LatentOperation
from safelight import Number, node

RADIUS = Number(min=1, max=31, step=1, advanced=True, tip="How wide the edges are, in cells.")
SIGMA = Number(
    min=0.1, max=10.0, step=0.1, advanced=True, tip="How evenly the cells within the radius count."
)
ALPHA = Number(min=0.0, max=5.0, step=0.01, advanced=True, tip="How much sharper; 0 changes nothing.")


@node(
    "LatentOperationSharpen",
    category="model/latent/advanced/operations",
    title="Latent Operation Sharpen",
    experimental=True,
)
def sharpen(
    *,
    sharpen_radius: Annotated[int, RADIUS] = 9,
    sigma: Annotated[float, SIGMA] = 1.0,
    alpha: Annotated[float, ALPHA] = 0.1,
) -> LatentOperation:
    """An operation that makes the edges in a latent image harder."""
    from safelight import diffusion

    return diffusion.operation.Sharpen(sharpen_radius, sigma, alpha)
