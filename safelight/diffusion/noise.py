"""Noise, drawn on the CPU in ComfyUI's order, so that a seed is the same picture on every machine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

SEEDS = 2**64
"""How many seeds there are."""

CPU = torch.device("cpu")

DIGITS = 6
"""Decimals to which a Brownian path resolves sigma."""

POOL = 24
"""Words of entropy behind each node of a Brownian path."""


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
    kept = {}
    for place in range(max(batch_index) + 1):
        drawn = torch.randn(one, generator=generator)
        if place in batch_index:
            kept[place] = drawn
    return torch.cat([kept[place] for place in batch_index])


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


class BrownianNoise:
    """Increments of one Brownian path over the whole schedule: the same whenever they are asked for.

    The path is a tree of bridges (Li et al. 2020, arXiv:2001.01328) in torchsde's layout, so that a seed
    gives the reference's noise: bisection, each middle point drawn from a seed of its own.
    """

    def __init__(self, like: Tensor, sigmas: Tensor, seed: int, *, device: torch.device = CPU) -> None:
        """A path of the latent's shape from the lowest sigma above zero, where it is zero, to the highest.

        It is drawn on the CPU unless another device is named, whose generator then gives other numbers.
        """
        self.position = 0
        self._device = device
        self._like, self._seed = like, seed
        low, high = float(sigmas[sigmas > 0].min()), float(sigmas.max())
        self._low, self._high = round(low, DIGITS), round(high, DIGITS)
        self._top = self._unit() * math.sqrt(high - low)
        self._known: dict[float, Tensor] = {}

    def seek(self, position: int) -> None:
        """Count on from here; the path is the same anywhere."""
        self.position = position

    def draw(self, sigma: float, after: float) -> Tensor:
        """The increment from one sigma to a lower one, as unit noise."""
        self.position += 1
        self._known = {level: self._at(level) for level in (sigma, after)}
        fall = (self._known[after] - self._known[sigma]) / math.sqrt(sigma - after)
        return fall.to(self._like.device)

    def _at(self, sigma: float) -> Tensor:
        """The path at a level, found by halving the interval around it until it is an end."""
        if sigma in self._known:
            return self._known[sigma]
        level = min(max(round(sigma, DIGITS), self._low), self._high)
        low, high, base, rise, branch, depth = self._low, self._high, 0.0, self._top, 0, 0
        while low < level < high:
            middle = round(0.5 * (high + low), DIGITS)
            left, right = middle - low, high - middle
            first = rise * (left / (high - low))
            first = first + self._unit(branch, depth) * math.sqrt(left * right / (high - low))
            branch, depth = 2 * branch, depth + 1
            if level < middle:
                high, rise = middle, first
            else:
                low, base, rise, branch = middle, base + first, rise - first, branch + 1
        return base + rise if level >= high else torch.zeros_like(rise) + base

    def _unit(self, *node: int) -> Tensor:
        """The noise of a node of the tree, or of the whole path."""
        words = np.random.SeedSequence(self._seed, spawn_key=node, pool_size=POOL).generate_state(1)
        generator = torch.Generator(self._device).manual_seed(int(words[0]))
        return torch.randn(self._like.shape, generator=generator, device=self._device)
