"""Streams: outputs that give many values, and the nodes that run once per item.

A `Feed` is one output slot that gives many. Its items are made one at a time, when somebody asks. A node
that takes items without gathering them is *mapped*: it has a cell per index. Streams of different length
that meet are matched by index, the shorter repeating its last item; an empty one leaves nothing to run. A
`March` leads one consumer (a mapped root, or a gathering input) from index to index, so that only few items
stand in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from safelight.core.cell import Cell, Wake
from safelight.core.outcome import Blocked

if TYPE_CHECKING:
    from safelight.core.run import Run

FeedId: TypeAlias = tuple[str, int]
Tap: TypeAlias = tuple[str, int]
"""The output of a node that a stream is taken from: a feed, or an output of a mapped node."""

WINDOW = 4
"""How many items one consumer may be ahead of the slowest."""


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


class Collector:
    """All values of one stream, for an input that gathers."""

    __slots__ = ("blocked", "done", "tap", "trail", "values", "waiters")

    def __init__(self, tap: Tap) -> None:
        self.tap = tap
        self.values: list[Any] = []
        self.trail: dict[str, str] = {}
        self.blocked: Blocked | None = None
        self.done = False
        self.waiters: list[Any] = []

    def take(self, value: Any) -> None:
        """Add one item; blocked ones are left out."""
        if value.__class__ is Blocked:
            self.blocked = value
        else:
            self.values.append(value)

    @property
    def outcome(self) -> Any:
        """The list; Blocked if there were items and every one was blocked."""
        return self.blocked if self.blocked is not None and not self.values else self.values


class March:
    """One consumer's way through a stream, from index to index.

    `root` is a mapped node to be run at each index; a `collector` takes each value; with neither, the items
    are only made.
    """

    def __init__(
        self, run: Run, feeds: tuple[FeedId, ...], root: str | None = None, collector: Collector | None = None
    ) -> None:
        self.run = run
        self.feeds = feeds
        self.root = root
        self.collector = collector
        self.index = 0
        self.finished = False

    def step(self) -> None:
        """Go on until something has to be waited for. Called with the run's lock held."""
        run = self.run
        while not self.finished and run.ending is None:
            if self.index - run.flow.slowest() > WINDOW and run.flow.busy():
                run.flow.parked.append(self)
                return
            wake = Wake(self.step)
            run.flow.settle_index(self.feeds, self.index, wake)
            if wake.release():
                return
            if not run.flow.index_exists(self.feeds, self.index):
                self.finished = True
                run.flow.march_finished(self)
                return
            wake = Wake(self._arrived)
            self._demand(wake)
            if wake.release():
                return
            self._take()

    def _demand(self, wake: Wake) -> None:
        if self.root is not None:
            self.run.wait_for_cell(self.run.flow.cell_at(self.root, self.index), wake)
        elif self.collector is not None:
            self.run.flow.want_item(self.collector.tap, self.index, wake)

    def _arrived(self) -> None:
        self._take()
        self.step()

    def _take(self) -> None:
        """Take what was waited for, let go of it, and look at the next index."""
        if self.collector is not None:
            tap = self.collector.tap
            self.collector.take(self.run.flow.item(tap, self.index))
            if self.run.trailing:
                self.collector.trail.update(self.run.flow.trail_of(tap, self.index))
        self.index += 1
        self.run.flow.prune()
