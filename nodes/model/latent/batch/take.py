"""Get Latent From Batch."""

from __future__ import annotations

from typing import Annotated

from nodes.types import BatchIndex
from safelight import Latent, Number, node

LENGTH = Number(min=1, max=64, tip="How many to take, as far as there are so many.")


@node(
    "LatentFromBatch",
    category="model/latent/batch",
    title="Get Latent From Batch",
    aliases=("select", "pick"),
)
def take(*, samples: Latent, batch_index: BatchIndex = 0, length: Annotated[int, LENGTH] = 1) -> Latent:
    """Take some latent images out of a batch; each keeps the noise that it has there."""
    from safelight import diffusion

    return diffusion.stack.taken(samples, batch_index, length)
