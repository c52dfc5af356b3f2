"""Image RGB to YUV."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Image, Out, node


class Parts(NamedTuple):
    """Lightness and colour apart."""

    light: Annotated[Image, Out("How light it is.", name="Y")]
    blueness: Annotated[Image, Out("How blue it is; grey is neither blue nor yellow.", name="U")]
    redness: Annotated[Image, Out("How red it is; grey is neither red nor green.", name="V")]


@node("ImageRGBToYUV", category="image/color", title="Image RGB to YUV", aliases=("luma", "chroma", "ycbcr"))
def to_yuv(*, image: Image) -> Parts:
    """Split pictures into lightness and two kinds of colour, to work on each by itself."""
    from safelight import diffusion

    return Parts(*diffusion.colour.to_yuv(image))
