"""Calls: bodies that returned, but whose items are still being taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from safelight.core.cell import Cell
from safelight.core.key import digest, item_key
from safelight.core.outcome import Blocked, Item
from safelight.core.socket import Many
from safelight.core.store.record import Record
from safelight.core.stream.chart import Chart
from safelight.core.stream.feed import Feed, Tap

if TYPE_CHECKING:
    from safelight.core.run.run import Run
    from safelight.core.run.work import Work

Place: TypeAlias = tuple[str, int | None]
"""A call: the node, and the index if it runs once per item."""


class Calls:
    """The calls of one run that gave iterators, until all of their items are taken."""

    def __init__(self, run: Run, chart: Chart) -> None:
        self.run = run
        self.chart = chart
        self._opened: dict[Place, dict[int, Iterator[Any]]] = {}
        self._tallies: dict[Place, dict[int, int]] = {}
        """How many items each output gave that came to its end."""
        self._works: dict[Place, Work] = {}
        """Their contexts may still be told things."""
        self._awaited: dict[Place, list[Tap]] = {}
        """The streams that a call awaits by lazy inputs."""

    def open(self, cell: Cell, outputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """Set a producer's many-valued outputs aside as iterators; their slots are None in its record."""
        iterators: dict[int, Iterator[Any]] = {}
        rest = list(outputs)
        for slot, output in enumerate(cell.spec.outputs):
            value = outputs[slot]
            if output.many and value.__class__ is not Blocked:
                iterators[slot] = iter(value if isinstance(value, (Many, list, tuple, Iterator)) else [value])
                rest[slot] = None
        self._opened[(cell.id, cell.index)] = iterators
        return tuple(rest)

    def hold(self, cell: Cell, work: Work) -> None:
        """Keep what a call may still be told while its items are taken."""
        self._works[(cell.id, cell.index)] = work

    def take(self, cell: Cell, slot: int) -> Iterator[Any] | None:
        """The items of one output, which can be had once; None if it gave one value, not many."""
        return self._opened.get((cell.id, cell.index), {}).pop(slot, None)

    def in_lane(self, feed: Feed, call: Callable[[], None]) -> None:
        """Go on with a producer's body in the lane where it runs."""
        if self.run.specs[feed.id[0]].lane == "io":
            self.run.schedule.submit(call)
        else:
            self.run.schedule.device.append(call)

    # -- what a call awaits

    def await_tap(self, cell: Cell, tap: Tap) -> None:
        """Note that a call awaits a stream by a lazy input."""
        self._awaited.setdefault((cell.id, cell.index), []).append(tap)

    def awaited(self, id: str, index: int | None) -> Sequence[Tap]:
        """The streams that a call awaited so far."""
        return self._awaited.get((id, index), ())

    # -- the items of a call

    def identify(self, feed: Feed, cell: Cell, value: Any) -> tuple[bytes, Any, tuple[tuple[str, str], ...]]:
        """An item's key, the item itself, and the files that it depends on beside what its key names."""
        slot = feed.id[1]
        if value.__class__ is not Item:
            return item_key(cell.key, slot, feed.position), value, self.trail(cell)
        prefix = self.run.engine.keys.prepare(cell.spec).prefix
        key = digest(b"named", prefix, b"%d;" % slot, value.key.encode("utf-8", "surrogatepass"))
        self.trail(cell)  # what was read is part of the call's own record all the same
        return key, value.value, (*self.run.trails.to(cell).items(), *value.trail)

    def trail(self, cell: Cell) -> tuple[tuple[str, str], ...]:
        """What the items that a call gives now depend on: all that it read so far."""
        work, record = self._works.get((cell.id, cell.index)), cell.record
        if work is None or record is None:
            return ()
        if work.context is not None and len(work.context.reads) > len(record.reads):
            work.note(record)
            self.run.trails.note(cell, work, record)
        return record.trail

    def keep_item(
        self, cell: Cell, key: bytes, value: Any, seconds: float, trail: tuple[tuple[str, str], ...]
    ) -> None:
        """Store one item."""
        if self.run.delivery.is_stored(cell):
            record = Record((value,), cell.spec.id, seconds)
            record.trail = trail
            self.run.store.put(key, record, passing=True)

    # -- the end of a call

    def over(self, feed: Feed, cell: Cell) -> None:
        """One output gave its last item: when all did, the call itself is a result."""
        tally = self._tallies.setdefault((cell.id, cell.index), {})
        tally[feed.id[1]] = feed.position
        many = sum(output.many for output in cell.spec.outputs)
        if len(tally) == many and cell.record is not None and cell.record.counts is None:
            cell.record.counts = tally
            cell.record.items = self._names(cell, tally)
            self._opened.pop((cell.id, cell.index), None)
            self._close(cell, cell.record)

    def _names(self, cell: Cell, tally: dict[int, int]) -> dict[int, tuple[str, ...]]:
        """The keys of a call's items, for slots where they are not made from their places."""
        names: dict[int, tuple[str, ...]] = {}
        for slot in tally:
            feed = self.chart.feeds[(cell.id, slot)]
            mine = [
                key for key, origin in zip(feed.keys, feed.origins, strict=True) if origin[0] == cell.index
            ]
            if any(key != item_key(cell.key, slot, place) for place, key in enumerate(mine)):
                names[slot] = tuple(key.hex() for key in mine)
        return names

    def _close(self, cell: Cell, record: Record) -> None:
        """All items were taken: what the call's context was told meanwhile is part of the result."""
        work = self._works.pop((cell.id, cell.index))
        work.note(record)
        if self.run.trails.any or record.reads:
            self.run.trails.note(cell, work, record)
        self.run.account.reports[cell.id].add(record)
        self.run.delivery.keep(cell, record)

    def finish(self) -> None:
        """Report what calls told whose items were not all taken."""
        for place, work in self._works.items():
            told = Record(())
            work.note(told)
            self.run.account.reports[place[0]].add(told)
