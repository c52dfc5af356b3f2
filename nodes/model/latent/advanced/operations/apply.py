"""Latent Apply Operation."""

from __future__ import annotations

from nodes.model.latent.advanced.operations.tonemap import LatentOperation
from safelight import Latent, node


@node(
    "LatentApplyOperation",
    category="model/latent/advanced/operations",
    title="Latent Apply Operation",
    experimental=True,
)
def apply(*, samples: Latent, operation: LatentOperation) -> Latent:
    """Do an operation, such as sharpening, to a latent image."""
    return {**samples, "samples": operation(latent=samples["samples"])}
