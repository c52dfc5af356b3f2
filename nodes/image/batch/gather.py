"""Batch Images, of any number."""

from __future__ import annotations

from typing import Annotated

from nodes.image.batch.join import join
from safelight import Growing, Image, node

Pictures = Annotated[
    dict[str, Image],
    Growing("image", min=1, max=50, tip="Pictures or batches; a new input appears at the end."),
]


@node("BatchImagesNode", category="image/batch", title="Batch Images", aliases=("combine", "stack", "batch"))
def gather(*, images: Pictures) -> Image:
    """Put any number of pictures and batches into one batch; all are brought to the size of the first.

    Where only some of them have an alpha channel, the others become opaque.
    """
    first, *others = images.values()
    for other in others:
        first = join(image1=first, image2=other)
    return first
