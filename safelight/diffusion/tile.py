"""Large pictures in feathered tiles, so that what does not fit whole is worked on part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import torch
from torch import Tensor

Run = Callable[[Tensor], Tensor]
Span = tuple[slice, slice]
"""Rows and columns of a tile."""

FAINT = 1e-3
"""The weight of a place in the rim, before it is divided: it alone decides, but never against another."""
OVERLAP = 0.25
"""The part of a tile that the next one repeats and is blended with."""


def tiled(
    whole: Tensor, run: Run, edge: int, up: int, down: int, overlap: int | None = None, rim: int = 0
) -> Tensor:
    """`run` on [1, C, h, w], in feathered tiles of `edge` if it is larger than that (0 for never).

    `run` makes each edge `up` times longer or `down` times shorter. Tiles overlap by at least `overlap`
    (where it is None, by a part of the edge); there each weighs the more the deeper inside it a place lies,
    so that no seam shows. What lies within `rim` of a tile's edge, where it lacks its surroundings, counts
    only where no other tile knows better.
    """
    if not edge or max(whole.shape[-2:]) <= edge:
        return run(whole)
    overlap = round(edge * OVERLAP) if overlap is None else min(overlap, edge // 2)

    def part(span: Span) -> Tensor:
        return run(whole[(..., *span)])

    spans = tiles(whole.shape[-2:], edge, overlap, down)
    return blended(whole.shape[-2:], spans, part, overlap, up, down, rim)


def blended(
    shape: Sequence[int],
    spans: Iterable[Span],
    part: Callable[[Span], Tensor],
    overlap: int,
    up: int = 1,
    down: int = 1,
    rim: int = 0,
) -> Tensor:
    """The whole of what `part` gives for each span of a plane of this shape, blended as `tiled` does it."""
    rows, columns = (edge * up // down for edge in shape)
    total = weight = torch.empty(0)
    for span in spans:
        found = part(span)
        if not len(total):
            total = found.new_zeros(*found.shape[:2], rows, columns)
            weight = found.new_zeros(1, 1, rows, columns)
        place = (..., *(_scaled(side, up, down) for side in span))
        mask = _feather(*found.shape[-2:], overlap * up // down, rim * up // down).to(found)
        total[place] += found * mask
        weight[place] += mask
    return total.div_(weight)


def tiles(shape: Sequence[int], edge: int, overlap: int, multiple: int) -> Iterator[Span]:
    """Rows and columns of each tile of a plane of this shape, as `tiled` takes them."""
    rows, columns = shape
    for top in _starts(rows, edge, overlap, multiple):
        for left in _starts(columns, edge, overlap, multiple):
            yield slice(top, min(top + edge, rows)), slice(left, min(left + edge, columns))


def _starts(length: int, edge: int, overlap: int, multiple: int) -> list[int]:
    """Where tiles begin: evenly spread, overlapping by at least `overlap`, at multiples of a cell."""
    if length <= edge:
        return [0]
    stride = max(multiple, edge - overlap)
    count = -(-(length - edge) // stride)
    return [round((length - edge) * number / count / multiple) * multiple for number in range(count + 1)]


def _scaled(span: slice, up: int, down: int) -> slice:
    return slice(span.start * up // down, span.stop * up // down)


def _feather(rows: int, columns: int, width: int, rim: int) -> Tensor:
    """Weights [1, 1, rows, columns] that rise from the rim over `width` places to 1."""
    return (_ramp(rows, width, rim)[:, None] * _ramp(columns, width, rim)[None])[None, None]


def _ramp(length: int, width: int, rim: int) -> Tensor:
    places = torch.arange(length, dtype=torch.float32)
    inside = torch.minimum(places, length - 1 - places) + 1
    return ((inside - rim).clamp(min=FAINT if rim else 1) / max(1, width - rim)).clamp(max=1.0)
