"""Load Image."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from nodes.types import PictureName
from safelight import Context, Image, Mask, Out, node


class Picture(NamedTuple):
    """A picture and its transparency."""

    image: Annotated[Image, Out("The colours; the frames of an animation as a batch.", name="IMAGE")]
    mask: Annotated[Mask, Out("White where the picture is transparent.", name="MASK")]


@node("LoadImage", category="image", title="Load Image", aliases=("open", "input"), lane="io")
def load_image(ctx: Context, *, image: PictureName) -> Picture:
    """Read a picture from the input folder."""
    from safelight import diffusion

    return Picture(*diffusion.picture.load(ctx.open(ctx.folders.find("input", image)).path))
