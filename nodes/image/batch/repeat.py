"""Repeat Image Batch."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, node

AMOUNT = Number(min=1, max=4096, tip="How many times the batch comes.")


@node("RepeatImageBatch", category="image/batch", title="Repeat Image Batch", aliases=("duplicate", "clone"))
def repeat(*, image: Image, amount: Annotated[int, AMOUNT] = 1) -> Image:
    """Put a batch of pictures after itself several times."""
    return image.repeat(amount, 1, 1, 1)
