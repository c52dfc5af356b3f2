"""Pictures made larger by a network, tile by tile, so that the size of a picture needs no more memory."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from safelight.diffusion import header, residency
from safelight.diffusion.batch import repeated
from safelight.diffusion.enlarger import Enlarger
from safelight.diffusion.failure import DeviceMemoryError
from safelight.diffusion.handle import Source, UpscaleHandle
from safelight.diffusion.plan import Plan
from safelight.diffusion.resize import resize
from safelight.diffusion.tile import tiled, tiles
from safelight.diffusion.watch import QUIET, Watch

TILE = 256
"""The edge of a tile in pixels of the small picture."""
LEAST = 64
OVERLAP = 48
"""What neighbouring tiles share, so that each place is decided by what lies around it on all sides."""
RIM = 12
"""The part of it that a tile knows least about, for lack of surroundings."""


def load(path: Path, digest: str, allow_pickle: bool = False) -> UpscaleHandle:
    """The handle for a file with this sha256.

    `ModelFileError` when it is missing, cut short, or a pickle (unless allowed); what network it holds is
    seen when it is first used.
    """
    header.read(path, allow_pickle)
    layout = "pickle" if allow_pickle and header.is_pickle(path) else "original"
    return UpscaleHandle(Source(str(path), digest, "spandrel", layout, "upscale_model"))


def run(model: UpscaleHandle, image: Tensor, *, plan: Plan, watch: Watch = QUIET, tile: int = TILE) -> Tensor:
    """Pictures [B, H, W, C] in 0..1 as many times larger as the network makes them, one after the other.

    Where memory runs out it is tried again with tiles half as large, down to `LEAST` pixels. An alpha channel
    is scaled plainly.
    """
    with (
        residency.lend(model, plan, watch) as network,
        network.stops.calling(watch.check),
        torch.no_grad(),
    ):
        rows, columns = (side * network.factor for side in image.shape[1:3])
        whole = torch.empty(len(image), rows, columns, image.shape[-1])
        for number, one in enumerate(image.movedim(-1, 1).split(1)):
            told = _Telling(network, watch, number, len(image))
            colours = repeated(one[:, :3].movedim(1, 0), 3).movedim(0, 1).float()
            whole[number, ..., :3] = _larger(told, colours, tile)[0].movedim(0, -1)[..., : image.shape[-1]]
            if image.shape[-1] > 3:
                whole[number, ..., 3:] = resize(one[:, 3:], columns, rows, "bilinear")[0].movedim(0, -1)
    return whole.clamp_(0, 1)


def _larger(told: _Telling, pixels: Tensor, edge: int) -> Tensor:
    while True:
        overlap, rim = min(OVERLAP, edge // 4), min(RIM, edge // 16)
        told.begin(pixels, edge, overlap)
        try:
            return tiled(pixels, told, edge, told.network.factor, 1, overlap, rim)
        except DeviceMemoryError:
            if edge // 2 < LEAST:
                raise
            residency.release(told.network.device)
            edge //= 2


class _Telling:
    """A network that tells its watch of every tile."""

    def __init__(self, network: Enlarger, watch: Watch, number: int, count: int) -> None:
        self.network = network
        self.watch = watch
        self.number = number
        self.count = count
        self.done = self.total = 0

    def begin(self, pixels: Tensor, edge: int, overlap: int) -> None:
        """Take note of how many tiles there will be."""
        small = max(pixels.shape[-2:]) <= edge
        self.done = 0
        self.total = 1 if small else len(list(tiles(pixels.shape[-2:], edge, overlap, 1)))

    def __call__(self, pixels: Tensor) -> Tensor:
        larger = self.network(pixels)
        self.done += 1
        self.watch.progress(self.number * self.total + self.done, self.count * self.total)
        return larger
