"""Load Image (as Mask)."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import PictureName
from safelight import Choice, Context, Mask, node

CHANNEL = Choice(tip="What to take as the mask: a colour, or alpha, where transparent becomes white.")


@node("LoadImageMask", category="image", title="Load Image (as Mask)", aliases=("open mask",), lane="io")
def load_mask(
    ctx: Context,
    *,
    image: PictureName,
    channel: Annotated[Literal["alpha", "red", "green", "blue"], CHANNEL] = "alpha",
) -> Mask:
    """Read one channel of a picture from the input folder as a mask."""
    from safelight import diffusion

    return diffusion.picture.load_mask(ctx.open(ctx.folders.find("input", image)).path, channel)
