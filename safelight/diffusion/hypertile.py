"""HyperTile: self-attention within tiles, which saves most of its time on large pictures.

After tfernd 2023, github.com/tfernd/HyperTile. Where the number of places is that of the latent, or of one
halved a few times, attention sees only its own tile. What is chosen among tile sizes follows from the
timestep, so that the same run makes the same picture.
"""

from __future__ import annotations

import threading
from typing import Any

from torch import Tensor

from safelight.diffusion.handle import ModelHandle, Patch

KIND = "hypertile"
SMALLEST, CELL = 32, 8
"""The smallest tile edge in pixels, and the pixels that make a cell of the latent."""

Grid = tuple[int, int, int, int]
"""Rows and columns of tiles, and rows and columns of places in a tile."""


def with_hypertile(model: ModelHandle, tile: int, swap: int, depth: int, scale_depth: bool) -> ModelHandle:
    """The model with attention in tiles of at least `tile` pixels, down to latents halved `depth` times.

    `swap` is among how many tile sizes is chosen, step by step; with `scale_depth` tiles are twice as large
    in places for each halving.
    """
    settings = (("tile", tile), ("swap", swap), ("depth", depth), ("scale_depth", scale_depth))
    return model.patched(Patch(KIND, settings=settings))


def apply(network: Any, patch: Patch) -> None:
    """Put HyperTile into a UNet of which this is the only user."""
    _Tiles(network.module, dict(patch.settings))


class _Tiles:
    """The hooks of one UNet, and what they know of the forward pass that each thread is in."""

    def __init__(self, unet: Any, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.here = threading.local()
        unet.register_forward_pre_hook(self._begin)
        for part in unet.modules():
            if type(part).__name__ == "BasicTransformerBlock":
                part.attn1.register_forward_pre_hook(self._split, with_kwargs=True)
                part.attn1.register_forward_hook(self._join)

    def _begin(self, _module: Any, inputs: tuple[Any, ...]) -> None:
        height, width = inputs[0].shape[-2:]
        step = int(inputs[1].flatten()[0])
        tile = max(SMALLEST, self.settings["tile"]) // CELL
        self.here.grids = {}
        for depth in range(self.settings["depth"] + 1):
            rows, columns = (-(-edge // 2**depth) for edge in (height, width))
            least = tile * (2**depth if self.settings["scale_depth"] else 1)
            down, across = (pieces(edge, least, self.settings["swap"], step) for edge in (rows, columns))
            if down * across > 1:
                self.here.grids[rows * columns] = (down, across, rows // down, columns // across)

    def _split(
        self, _module: Any, inputs: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        alone = named.get("encoder_hidden_states") is None  # some models look at text here, too
        self.here.grid = self.here.grids.get(inputs[0].shape[1]) if alone else None
        if self.here.grid is None:
            return None
        return (split(inputs[0], self.here.grid), *inputs[1:]), named

    def _join(self, _module: Any, _inputs: Any, output: Tensor) -> Tensor | None:
        return None if self.here.grid is None else join(output, self.here.grid)


def pieces(edge: int, least: int, swap: int, step: int) -> int:
    """Into how many equal pieces of at least `least` an edge is cut: one of `swap` ways, by the step."""
    sizes = [size for size in range(min(least, edge), edge + 1) if edge % size == 0][:swap]
    return edge // sizes[step % max(1, len(sizes) - 1)]


def split(states: Tensor, grid: Grid) -> Tensor:
    """Places [B, N, C], row by row, as tiles [B * tiles, places in one, C]."""
    down, across, rows, columns = grid
    tiles = states.unflatten(1, (down, rows, across, columns)).transpose(2, 3)
    return tiles.reshape(-1, rows * columns, states.shape[-1])


def join(tiles: Tensor, grid: Grid) -> Tensor:
    """The inverse of `split`."""
    down, across, rows, columns = grid
    states = tiles.reshape(-1, down, across, rows, columns, tiles.shape[-1]).transpose(2, 3)
    return states.reshape(len(states), -1, tiles.shape[-1])
