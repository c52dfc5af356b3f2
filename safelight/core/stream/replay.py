"""Replay: items that were made before, found in the store or made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safelight.core.cell import Cell, Waiter, Wake
from safelight.core.outcome import Item
from safelight.core.store.tier import Found
from safelight.core.stream.call import Calls
from safelight.core.stream.feed import CALLS, Feed
from safelight.core.stream.item import Items

if TYPE_CHECKING:
    from safelight.core.run.run import Run


class Replay:
    """Brings items back that a feed has let go of."""

    def __init__(self, run: Run, items: Items, calls: Calls) -> None:
        self.run = run
        self.items = items
        self.calls = calls

    def fetch(self, feed: Feed, index: int, waiter: Waiter) -> None:
        """Hold `waiter` back until the value that stands for `index` is in memory."""
        place = feed.place(index)
        if place in feed.values:
            return
        found = self.run.store.find(feed.keys[place]) if not self.run.job.fresh else None
        if isinstance(found, Found):
            feed.values[place] = found.record.outputs[0]
            feed.trails[place] = found.record.trail
            return
        waiter.pending += 1
        self._replay(feed, place, waiter)

    def _replay(self, feed: Feed, place: int, waiter: Waiter) -> None:
        """Make a dropped item again, by the producer's body; items on the way are skipped."""
        call, position = feed.origins[place]
        live = feed.replay
        if live is not None and live[0].index == call and live[2] <= position:
            self.calls.in_lane(feed, lambda: self._skip_to(feed, place, waiter))
            return
        old = self.items.producer(feed, call if call is not None else 0)
        again = Cell(old.id, old.node, old.spec, old.key)
        again.index = old.index
        again.forced = True
        done = Wake(lambda: self._replayed(feed, again, place, waiter))
        self.run.demand.wait(again, done)
        if not done.release():
            self._replayed(feed, again, place, waiter)

    def _replayed(self, feed: Feed, cell: Cell, place: int, waiter: Waiter) -> None:
        slot = feed.id[1]
        items = self.calls.take(cell, slot)
        if items is None:  # one value of a tapped node's call, not one of many
            assert cell.record is not None
            feed.values[place] = None if slot == CALLS else cell.record.outputs[slot]
            self.run.schedule.arrived(waiter)
            return
        feed.replay = (cell, items, 0)
        self.calls.in_lane(feed, lambda: self._skip_to(feed, place, waiter))

    def _skip_to(self, feed: Feed, place: int, waiter: Waiter) -> None:
        assert feed.replay is not None
        cell, items, position = feed.replay
        wanted = feed.origins[place][1]
        try:
            while position < wanted:
                next(items)
                position += 1
            value = next(items)
        except BaseException as error:
            self.run.faults.raised(cell, error, None)
            return
        value = value.value if value.__class__ is Item else value
        self.calls.keep_item(cell, feed.keys[place], value, 0.0, self.calls.trail(cell))
        with self.run.schedule.turn:
            feed.replay = (cell, items, position + 1)
            feed.values[place] = value
            self.run.schedule.arrived(waiter)
            self.run.schedule.go_on()
