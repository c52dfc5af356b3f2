"""Rebatch Images."""

from __future__ import annotations

from nodes.types import BatchSize
from safelight import Image, Many, node


@node("RebatchImages", category="image/batch", title="Rebatch Images", aliases=("group", "chunk"))
def rebatch(*, images: Many[Image], batch_size: BatchSize = 1) -> Many[Image]:
    """Put pictures into batches of a size and run the rest of the graph once for each batch.

    A picture of another size begins a batch of its own.
    """
    from safelight import diffusion

    return Many(diffusion.batch.regrouped(images, batch_size))
