"""Batch Images."""

from __future__ import annotations

from safelight import Image, node


@node("ImageBatch", category="image/batch", title="Batch Images", aliases=("combine", "stack"))
def join(*, image1: Image, image2: Image) -> Image:
    """Put two batches of pictures into one; the second is brought to the size of the first.

    Where only one of them has an alpha channel, the other becomes opaque.
    """
    from safelight import diffusion

    return diffusion.composite.batched(image1, image2)
