"""HyperTile."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, Toggle, node

TileSize = Annotated[int, Number(min=1, max=2048, advanced=True, tip="The least edge of a tile in pixels.")]
SwapSize = Annotated[
    int,
    Number(
        min=1,
        max=128,
        advanced=True,
        tip="Among how many tile sizes to change from step to step, so that no seams settle.",
    ),
]
Depth = Annotated[
    int,
    Number(min=0, max=10, advanced=True, tip="How deep into the network: 0 is its outermost level alone."),
]
ScaleDepth = Annotated[
    bool, Toggle(advanced=True, tip="Whether tiles cover more of the picture on deeper levels.")
]


@node("HyperTile", category="model/patch/unet", title="HyperTile", aliases=("faster", "tiled attention"))
def hyper_tile(
    *,
    model: Model,
    tile_size: TileSize = 256,
    swap_size: SwapSize = 2,
    max_depth: Depth = 0,
    scale_depth: ScaleDepth = False,
) -> Model:
    """Make large pictures faster: places of the picture attend only to others in the same tile.

    This helps from about 1024 pixels on; coherence across the picture may suffer. It goes well with a second
    pass over an enlarged picture, which has its composition already.
    """
    from safelight import diffusion

    return diffusion.hypertile.with_hypertile(model, tile_size, swap_size, max_depth, scale_depth)
