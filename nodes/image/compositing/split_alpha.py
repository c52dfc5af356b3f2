"""Split Image with Alpha."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Image, Mask, Out, node


class Apart(NamedTuple):
    """Colour and transparency."""

    image: Annotated[Image, Out("The colours.", name="IMAGE")]
    mask: Annotated[Mask, Out("White where the picture was transparent.", name="MASK")]


@node(
    "SplitImageWithAlpha",
    category="image/compositing",
    title="Split Image with Alpha",
    aliases=("transparency", "rgba"),
)
def split_alpha(*, image: Image) -> Apart:
    """Take the transparency of pictures off as a mask; without any the mask is black."""
    colour = image[..., :3]
    return Apart(colour, 1 - image[..., 3] if image.shape[-1] > 3 else colour[..., 0] * 0)
