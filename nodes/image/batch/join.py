"""Batch Images."""

from __future__ import annotations

from safelight import Image, node


@node("ImageBatch", category="image/batch", title="Batch Images", aliases=("combine", "stack"))
def join(*, image1: Image, image2: Image) -> Image:
    """Put two batches of pictures into one; the second is brought to the size of the first.

    Where only one of them has an alpha channel, the other becomes opaque.
    """
    from safelight import diffusion

    count, height, width, channels = image1.shape
    second = image2
    if second.shape[1:3] != image1.shape[1:3]:
        second = diffusion.resize.resize(image2.movedim(-1, 1), width, height, "bilinear", "center").movedim(
            1, -1
        )
    both = image1.new_ones((count + len(second), height, width, max(channels, second.shape[-1])))
    both[:count, ..., :channels] = image1
    both[count:, ..., : second.shape[-1]] = second
    return both
