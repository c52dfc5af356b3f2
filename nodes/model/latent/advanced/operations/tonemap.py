"""Latent Operation Tonemap Reinhard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from safelight import Number, node, socket

if TYPE_CHECKING:
    LatentOperation = Callable[..., Any]
else:
    LatentOperation = socket("LATENT_OPERATION")

FACTOR = Number(min=0.0, max=100.0, step=0.01, tip="How far up strong places may go; less holds more back.")


@node(
    "LatentOperationTonemapReinhard",
    category="model/latent/advanced/operations",
    title="Latent Operation Tonemap Reinhard",
    experimental=True,
)
def tonemap(*, multiplier: Annotated[float, FACTOR] = 1.0) -> LatentOperation:
    """An operation that holds back what is too strong in a latent image, against burnt colours."""
    from safelight import diffusion

    return diffusion.operation.Tonemap(multiplier)
