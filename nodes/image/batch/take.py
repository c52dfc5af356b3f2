"""Get Image from Batch."""

from __future__ import annotations

from typing import Annotated

from nodes.types import BatchIndex
from safelight import Image, Number, node

LENGTH = Number(min=1, max=4096, tip="How many to take, as far as there are so many.")


@node(
    "ImageFromBatch",
    category="image/batch",
    title="Get Image from Batch",
    aliases=("select", "pick", "index"),
)
def take(*, image: Image, batch_index: BatchIndex = 0, length: Annotated[int, LENGTH] = 1) -> Image:
    """Take some pictures out of a batch."""
    from safelight import diffusion

    return image[diffusion.batch.span(len(image), batch_index, length)].clone()
