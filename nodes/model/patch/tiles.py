"""Sample in Tiles."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

TileSize = Annotated[
    int,
    Number(
        min=64,
        max=4096,
        step=64,
        tip="The edge of a tile in pixels: what the model was trained at, 512 for SD 1, 1024 for SDXL.",
    ),
]
TileOverlap = Annotated[
    int,
    Number(
        min=0,
        max=2048,
        step=8,
        tip="How much of a tile its neighbours see, too, in pixels; at most half a tile. A quarter is a good "
        "choice; below an eighth seams may show.",
    ),
]


@node(
    "SampleInTiles",
    category="model/patch",
    title="Sample in Tiles",
    aliases=("multidiffusion", "tiled diffusion", "ultimate upscale", "mixture of diffusers", "low memory"),
)
def sample_in_tiles(*, model: Model, tile_size: TileSize = 512, overlap: TileOverlap = 128) -> Model:
    """Have a model look at a large picture tile by tile, at each step of the sampling.

    Where tiles overlap, what the model expects is averaged at every step, so that no seam is left (Bar-Tal et
    al. 2023, arXiv:2302.08113). Use it for a second pass with a low denoise over an enlarged picture: that
    makes details at any size in the memory of one tile. With a high denoise each tile becomes a picture of
    its own. Areas, masks and ControlNets stay where they belong in the whole picture.
    """
    from safelight import diffusion

    return diffusion.mosaic.with_tiles(model, tile_size, overlap)
