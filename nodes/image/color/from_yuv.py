"""Image YUV to RGB."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, In, node


@node("ImageYUVToRGB", category="image/color", title="Image YUV to RGB", aliases=("luma", "chroma", "ycbcr"))
def from_yuv(
    *,
    Y: Annotated[Image, In("How light it is.")],  # noqa: N803 (saved files call it so)
    U: Annotated[Image, In("How blue it is.")],  # noqa: N803
    V: Annotated[Image, In("How red it is.")],  # noqa: N803
) -> Image:
    """Make pictures of the three parts that Image RGB to YUV gives, at the size of the first."""
    from safelight import diffusion

    return diffusion.colour.from_yuv(Y, U, V)
