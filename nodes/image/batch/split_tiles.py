"""Split Image into List of Tiles."""

from __future__ import annotations

from typing import Annotated

from nodes.types import TileOverlap
from safelight import Image, Many, Number, node

WIDTH = Number(min=64, max=16384, tip="Width of a tile in pixels.")
HEIGHT = Number(min=64, max=16384, tip="Height of a tile in pixels.")


@node(
    "SplitImageToTileList",
    category="image/batch",
    title="Split Image into List of Tiles",
    aliases=("tiling",),
)
def split_tiles(
    *,
    image: Image,
    tile_width: Annotated[int, WIDTH] = 1024,
    tile_height: Annotated[int, HEIGHT] = 1024,
    overlap: TileOverlap = 128,
) -> Many[Image]:
    """Cut a picture into overlapping tiles and run the rest of the graph once for each."""
    from safelight import diffusion

    height, width = image.shape[1:3]
    places = diffusion.transform.boxes(width, height, tile_width, tile_height, overlap)
    return Many(image[:, top:bottom, left:right] for left, top, right, bottom in places)
