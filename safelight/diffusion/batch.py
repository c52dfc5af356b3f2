"""Batches: tensors whose first dimension counts pictures, masks or latents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor


def repeated(batch: Tensor, count: int) -> Tensor:
    """Exactly `count` items: the batch over and over, or its beginning."""
    if len(batch) == count:
        return batch
    times = -(-count // len(batch))
    return batch.repeat(times, *[1] * (batch.ndim - 1))[:count]


def alike(*batches: Tensor) -> list[Tensor]:
    """The batches, the shorter ones repeated to as many items as the longest."""
    count = max(map(len, batches))
    return [repeated(batch, count) for batch in batches]


def span(length: int, start: int, count: int) -> slice:
    """The items of a batch of `length` from `start` (negative counts from the end), `count` at most."""
    start = min(length - 1, max(0, start + length if start < 0 else start))
    return slice(start, min(length, start + count))


def regrouped(batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
    """The items of the batches in batches of `size`; where the items' shape changes, a new one begins."""
    waiting: list[Tensor] = []
    for batch in batches:
        for item in batch.split(1):
            if waiting and (len(waiting) == size or waiting[0].shape != item.shape):
                yield torch.cat(waiting)
                waiting = []
            waiting.append(item)
    if waiting:
        yield torch.cat(waiting)


def shuffled(count: int, seed: int) -> list[int]:
    """The numbers below `count` in a random order that the seed fixes (drawn as ComfyUI draws it)."""
    import numpy

    order: list[int] = numpy.random.RandomState(seed % (2**32 - 1)).permutation(count).tolist()
    return order
