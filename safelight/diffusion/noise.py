"""Noise, drawn on the CPU in ComfyUI's order, so that a seed is the same picture on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

SEEDS = 2**64
"""How many seeds there are."""


class Noise(Protocol):
    """A source of fresh noise for the steps of a sampler, which can be wound to any position."""

    position: int
    """How many draws have been made."""

    def seek(self, position: int) -> None:
        """Go to where `position` draws have been made, whatever was drawn from this object before."""

    def draw(self, sigma: float, after: float) -> Tensor:
        """Unit noise like the latent, for the way from one sigma to a lower one."""


def start_noise(shape: Sequence[int], seed: int, batch_index: Sequence[int] | None = None) -> Tensor:
    """The noise that a run starts from: float32 on the CPU, of the latent's shape (B, ...).

    Without `batch_index` it is drawn in one piece. With it, each image has the noise that it would have at
    that place in a batch drawn image by image: images with equal indices get equal noise.
    """
    generator = torch.Generator().manual_seed(seed)
    if batch_index is None:
        return torch.randn(tuple(shape), generator=generator)
    one = (1, *shape[1:])
    wanted = set(batch_index)
    drawn = {place: torch.randn(one, generator=generator) for place in range(max(wanted) + 1)}
    return torch.cat([drawn[place] for place in batch_index])


class StreamNoise:
    """Draws from one generator, the next for each step that asks.

    Its seed is the job's plus one: with the job's own seed the first draw would repeat the start noise.
    """

    def __init__(self, like: Tensor, seed: int) -> None:
        self._like = like
        self._seed = (seed + 1) % SEEDS
        self._generator = torch.Generator()
        self._rewind()

    def _rewind(self) -> None:
        self._generator.manual_seed(self._seed)
        self.position = 0

    def seek(self, position: int) -> None:
        """Go to where `position` draws have been made, drawing again what lies before."""
        if position < self.position:
            self._rewind()
        while self.position < position:
            self._next()

    def draw(self, sigma: float, after: float) -> Tensor:
        """The next unit noise; the sigmas do not matter."""
        return self._next().to(self._like.device)

    def _next(self) -> Tensor:
        self.position += 1
        return torch.randn(self._like.shape, generator=self._generator)
