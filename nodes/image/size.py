"""Get Image Size."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Image, Out, node


class Size(NamedTuple):
    """How large a batch of pictures is."""

    width: Annotated[int, Out("In pixels.")]
    height: Annotated[int, Out("In pixels.")]
    batch_size: Annotated[int, Out("How many pictures there are.")]


@node("GetImageSize", category="image", title="Get Image Size", aliases=("dimensions", "resolution"))
def image_size(*, image: Image) -> Size:
    """Tell how wide and high pictures are, and how many there are."""
    count, height, width = image.shape[:3]
    return Size(width, height, count)
