"""Merge List of Tiles to Image."""

from __future__ import annotations

from typing import Annotated

from nodes.types import TileOverlap
from safelight import BadInput, Image, Many, Number, node

WIDTH = Number(min=64, max=32768, tip="Width of the whole picture in pixels.")
HEIGHT = Number(min=64, max=32768, tip="Height of the whole picture in pixels.")


@node("ImageMergeTileList", category="image/batch", title="Merge List of Tiles to Image", aliases=("untile",))
def merge_tiles(
    *,
    image_list: Many[Image],
    final_width: Annotated[int, WIDTH] = 1024,
    final_height: Annotated[int, HEIGHT] = 1024,
    overlap: TileOverlap = 128,
) -> Image:
    """Put the tiles that Split Image made together again; where they overlap one fades into the other."""
    from safelight import diffusion

    tiles = list(image_list)
    height, width = tiles[0].shape[1:3]
    wanted = len(diffusion.transform.boxes(final_width, final_height, width, height, overlap))
    if len(tiles) != wanted:
        raise BadInput(
            "image_list",
            f"{len(tiles)} tiles of {width} x {height} came, where {wanted} make the whole",
            "Give the size and the overlap with which they were cut.",
        )
    return diffusion.transform.merged(tiles, final_width, final_height, overlap)
