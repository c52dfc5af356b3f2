"""Sampling in tiles: the network sees tile after tile, and at each step their predictions are averaged.

So a picture of any size is denoised at the size that the network was trained at, in the memory of one tile;
as the tiles agree anew at every step, no seam is left. After MultiDiffusion (Bar-Tal et al. 2023,
arXiv:2302.08113), with weights that fall towards a tile's edges as in Mixture of Diffusers (Jimenez 2023,
arXiv:2302.02412).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from safelight.diffusion.control import Steering, Window
from safelight.diffusion.handle import ModelHandle, Patch
from safelight.diffusion.tile import Span, blended, tiles

KIND = "mosaic"
CELLS = 8
"""Edges of tiles are multiples of so many cells, as networks with three halvings want them."""
SIZES = 6
"""The numbers that SDXL is told: the picture's size, where the crop begins, and the crop's size."""


def with_tiles(model: ModelHandle, edge: int, overlap: int) -> ModelHandle:
    """The model asked in tiles of so many pixels (at most), of which neighbours share at least `overlap`."""
    return model.patched(Patch(KIND, settings=(("edge", edge), ("overlap", overlap))))


@dataclass(frozen=True)
class Mosaic:
    """Tiles of an edge and an overlap in cells."""

    edge: int
    overlap: int
    factor: int
    """Pixels to a cell."""

    def __call__(
        self, network: Any, x: Tensor, timestep: Tensor, context: Tensor, extras: Mapping[str, Any]
    ) -> Tensor:
        """The network's raw prediction for x [B, C, h, w], put together of what it says of each tile."""
        shape = x.shape[-2:]
        if max(shape) <= self.edge:
            whole: Tensor = network(x, timestep, context, **extras)
            return whole

        def part(span: Span) -> Tensor:
            told = {name: self._told(name, extra, span, x) for name, extra in extras.items()}
            found: Tensor = network(x[(..., *span)], timestep, context, **told)
            return found

        return blended(shape, tiles(shape, self.edge, self.overlap, 1), part, self.overlap)

    def _told(self, name: str, extra: Any, span: Span, x: Tensor) -> Any:
        """What the network is told of a tile, beside the text."""
        if isinstance(extra, Steering):
            return extra.within(Window(*x.shape[-2:], *span))
        if extra.ndim == 4:
            return extra[(..., *span)]
        return self._placed(extra, span) if name == "time_ids" and extra.shape[-1] == SIZES else extra

    def _placed(self, sizes: Tensor, span: Span) -> Tensor:
        """SDXL's sizes for a tile: a crop of the picture that begins there and is so large."""
        placed = sizes.clone()
        for side, cells in enumerate(span):
            placed[:, 2 + side] += cells.start * self.factor
            placed[:, 4 + side] = (cells.stop - cells.start) * self.factor
        return placed


def of(model: ModelHandle, factor: int) -> Mosaic | None:
    """The tiles in which a model is to be asked, of so many pixels to a cell; the last wish counts."""
    patches = [patch for patch in model.patches if patch.kind == KIND]
    if not patches:
        return None
    wish: dict[str, Any] = dict(patches[-1].settings)
    edge = max(CELLS, wish["edge"] // factor // CELLS * CELLS)
    return Mosaic(edge, min(wish["overlap"] // factor, edge // 2), factor)
