"""Load Image (from Outputs)."""

from __future__ import annotations

from typing import Annotated

from nodes.image.load import Picture
from safelight import Context, File, node

NAME = File("output", upload="image", tip="A picture in the output folder.")


@node(
    "LoadImageOutput",
    category="image",
    title="Load Image (from Outputs)",
    aliases=("open", "result"),
    lane="io",
    experimental=True,
)
def load_output(ctx: Context, *, image: Annotated[str, NAME]) -> Picture:
    """Read a picture that an earlier run saved; where it is transparent becomes the mask."""
    from safelight import diffusion

    return Picture(*diffusion.picture.load(ctx.open(ctx.folders.find("output", image)).path))
