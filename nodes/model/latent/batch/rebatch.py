"""Rebatch Latents."""

from __future__ import annotations

from nodes.types import BatchSize
from safelight import Latent, Many, node


@node("RebatchLatents", category="model/latent/batch", title="Rebatch Latents", aliases=("group", "chunk"))
def rebatch(*, latents: Many[Latent], batch_size: BatchSize = 1) -> Many[Latent]:
    """Put latent images into batches of a size and run the rest of the graph once for each batch.

    One of another size begins a batch of its own. Each keeps noise of its own.
    """
    from safelight import diffusion

    return Many(diffusion.stack.regrouped(latents, batch_size))
