"""Token merging: places that ask nearly the same share one query, which saves time in self-attention.

Bolya and Hoffman 2023, arXiv:2303.17604. In each cell of 2 x 2 places one is chosen to stay; of the others
the most similar are merged into those that stay, and get their answer afterwards. The choice follows from
the timestep, so that the same run makes the same picture.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.handle import ModelHandle, Patch

KIND = "tome"
CELL = 2


def with_merging(model: ModelHandle, ratio: float) -> ModelHandle:
    """The model with this share of the queries merged, on its outermost level; 0 changes nothing."""
    return model if ratio == 0 else model.patched(Patch(KIND, settings=(("ratio", ratio),)))


def apply(network: Any, patch: Patch) -> None:
    """Put token merging into a UNet of which this is the only user."""
    _Merging(network.module, float(patch["ratio"] or 0))


@dataclass(frozen=True)
class Matching:
    """Which of N places stay (`kept` [K]); which others do too, and which go into which of the kept.

    `alone` [B, A] and `merged` [B, R] are places, `into` [B, R] are positions in `kept`.
    """

    kept: Tensor
    alone: Tensor
    merged: Tensor
    into: Tensor

    def merge(self, states: Tensor) -> Tensor:
        """States [B, N, C] as [B, A + K, C]: those alone, then the kept, each the mean of what went in."""
        kept = states[:, self.kept].scatter_reduce(
            1, _wide(self.into, states), _taken(states, self.merged), reduce="mean"
        )
        return torch.cat([_taken(states, self.alone), kept], dim=1)

    def unmerge(self, states: Tensor) -> Tensor:
        """[B, A + K, C] back to [B, N, C]: what was merged gets what the place has that it went into."""
        alone, kept = states.split([self.alone.shape[1], len(self.kept)], dim=1)
        count = states.shape[1] + self.merged.shape[1]
        whole = states.new_empty(states.shape[0], count, states.shape[2])
        whole[:, self.kept] = kept
        whole.scatter_(1, _wide(self.alone, states), alone)
        return whole.scatter_(1, _wide(self.merged, states), _taken(kept, self.into))


def match(queries: Tensor, height: int, width: int, ratio: float, seed: int) -> Matching:
    """The matching of queries [B, height * width, C]; the places that stay are drawn from the seed."""
    kept = _chosen(height, width, seed).to(queries.device)
    mask = torch.ones(height * width, dtype=torch.bool, device=queries.device)
    mask[kept] = False
    others = mask.nonzero().flatten()
    unit = torch.nn.functional.normalize(queries.float(), dim=-1)
    likeness, nearest = (unit[:, others] @ unit[:, kept].transpose(1, 2)).max(dim=-1)
    order = likeness.argsort(dim=-1, descending=True)
    count = min(len(others), int(height * width * ratio))
    merged, alone = order[:, :count], order[:, count:]
    return Matching(kept, others[alone], others[merged], nearest.gather(1, merged))


def _chosen(height: int, width: int, seed: int) -> Tensor:
    """One place of each whole cell."""
    rows, columns = height // CELL, width // CELL
    pick = torch.randint(CELL * CELL, (rows, columns), generator=torch.Generator().manual_seed(seed))
    row = torch.arange(rows)[:, None] * CELL + pick // CELL
    column = torch.arange(columns) * CELL + pick % CELL
    return (row * width + column).flatten()


def _wide(places: Tensor, states: Tensor) -> Tensor:
    return places[..., None].expand(-1, -1, states.shape[-1])


def _taken(states: Tensor, places: Tensor) -> Tensor:
    return states.gather(1, _wide(places, states))


class _Merging:
    """The hooks of one UNet, and what they know of the forward pass that each thread is in."""

    def __init__(self, unet: Any, ratio: float) -> None:
        self.ratio = ratio
        self.here = threading.local()
        unet.register_forward_pre_hook(self._begin)
        for part in unet.modules():
            if type(part).__name__ == "BasicTransformerBlock":
                part.attn1.to_q.register_forward_hook(self._merge)
                part.attn1.register_forward_hook(self._unmerge)

    def _begin(self, _module: Any, inputs: tuple[Any, ...]) -> None:
        self.here.size = inputs[0].shape[-2:]
        self.here.seed = int(inputs[1].flatten()[0])
        self.here.matching = None

    def _merge(self, _module: Any, _inputs: Any, queries: Tensor) -> Tensor | None:
        height, width = self.here.size
        self.here.matching = None
        if queries.shape[1] != height * width or min(height, width) < CELL:
            return None
        self.here.matching = match(queries, height, width, self.ratio, self.here.seed)
        return self.here.matching.merge(queries)

    def _unmerge(self, _module: Any, _inputs: Any, output: Tensor) -> Tensor | None:
        matching, self.here.matching = self.here.matching, None
        return None if matching is None else matching.unmerge(output)
