"""Feed: the items of one output that gives many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from safelight.core.cell import Cell, Wake

FeedId: TypeAlias = tuple[str, int]
Tap: TypeAlias = tuple[str, int]
"""The output of a node that a stream is taken from: a feed, or an output of a mapped node."""

CALLS = -1
"""The slot of a tapped node that stands for its calls themselves."""


class Feed:
    """The items of one output slot: keys of all that are known, values of those that are in use."""

    def __init__(self, id: FeedId, sources: tuple[FeedId, ...] | None, tapped: bool = False) -> None:
        self.id = id
        self.sources = sources
        """The feeds that the producing node is mapped over; None if it runs once."""
        self.tapped = tapped
        """The producing node takes streams by lazy inputs only: it runs as long as those that it awaits."""
        self.keys: list[bytes] = []
        self.origins: list[tuple[int | None, int]] = []
        """For each item: the producer's index, and the item's place in what that call gave."""
        self.values: dict[int, Any] = {}
        self.trails: dict[int, tuple[tuple[str, str], ...]] = {}
        """For each item, the files that it depends on and that no key names."""
        self.ended = False
        self.cursor = 0
        """The producer's index whose items come next."""
        self.cell: Cell | None = None
        self.live: Iterator[Any] | None = None
        self.position = 0
        """The place in `live` of its next item."""
        self.replay: tuple[Cell, Iterator[Any], int] | None = None
        """A call made again for items that were dropped: its cell, its items, the place of the next one."""
        self.pulling = False
        self.wakes: list[tuple[int, Wake]] = []

    def add(self, key: bytes, origin: tuple[int | None, int]) -> int:
        """Add an item's key; returns its index."""
        self.keys.append(key)
        self.origins.append(origin)
        return len(self.keys) - 1

    def place(self, index: int) -> int:
        """The item that stands for `index`: itself, or the last one."""
        return min(index, len(self.keys) - 1)

    def reaches(self, count: int) -> bool:
        """Whether it is settled which of the first `count` items there are."""
        return self.ended or len(self.keys) >= count

    def forget(self, low: int) -> None:
        """Let go of values below `low`; the newest stays, since it may have to be repeated."""
        newest = len(self.keys) - 1
        for index in [index for index in self.values if index < low and index != newest]:
            del self.values[index]
            self.trails.pop(index, None)
