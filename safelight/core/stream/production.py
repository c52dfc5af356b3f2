"""Production: the next item of a feed, made when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from safelight.core.cell import Cell, Wake
from safelight.core.key import item_key
from safelight.core.outcome import Blocked
from safelight.core.store.record import Record
from safelight.core.stream.call import Calls
from safelight.core.stream.chart import Chart
from safelight.core.stream.feed import CALLS, Feed, FeedId
from safelight.core.stream.item import Items

if TYPE_CHECKING:
    from safelight.core.run.run import Run


class Production:
    """Makes items one at a time, call after call of the producing node."""

    def __init__(self, run: Run, chart: Chart, items: Items, calls: Calls) -> None:
        self.run = run
        self.chart = chart
        self.items = items
        self.calls = calls

    def settle(self, feeds: Iterable[FeedId], index: int, wake: Wake) -> None:
        """Hold `wake` back until it is known for each feed whether it has an item at `index`."""
        for id in feeds:
            feed = self.chart.feeds[id]
            if not feed.reaches(index + 1):
                wake.pending += 1
                feed.wakes.append((index + 1, wake))
                self._pull(feed)

    def _pull(self, feed: Feed) -> None:
        """Make a feed's next item, unless that is under way."""
        if not feed.pulling and not feed.ended:
            feed.pulling = True
            self.run.schedule.due.append(lambda: self._next_item(feed))

    def _next_item(self, feed: Feed) -> None:
        if feed.live is not None:
            self.calls.in_lane(feed, lambda: self._take_item(feed))
            return
        wake = Wake(lambda: self._next_call(feed))
        self._settle_call(feed, wake)
        if not wake.release():
            self._next_call(feed)

    # -- the producer's next call

    def _settle_call(self, feed: Feed, wake: Wake) -> None:
        """Hold `wake` back until it is known whether the producer has another call to make."""
        if feed.sources is not None:
            self.settle(feed.sources, feed.cursor, wake)
        elif feed.tapped and feed.cursor:
            for tap in self.calls.awaited(feed.id[0], feed.cursor - 1):
                self.settle(self.chart.feeds_of(tap), feed.cursor, wake)

    def _has_call(self, feed: Feed) -> bool:
        chart = self.chart
        if feed.sources is not None:
            return chart.index_exists(feed.sources, feed.cursor)
        if feed.tapped and feed.cursor:
            taps = self.calls.awaited(feed.id[0], feed.cursor - 1)
            return any(chart.index_exists(chart.feeds_of(tap), feed.cursor) for tap in taps)
        return feed.cursor == 0

    def _next_call(self, feed: Feed) -> None:
        """Demand the producer's cell whose items come next."""
        if not self._has_call(feed):
            feed.ended = True
            self._notify(feed)
            return
        cell = feed.cell = self.items.producer(feed, feed.cursor)
        wake = Wake(lambda: self._called(feed, cell))
        self.run.demand.wait(cell, wake)
        if not wake.release():
            self._called(feed, cell)

    def _called(self, feed: Feed, cell: Cell) -> None:
        """The producer's cell is done: its items are known from the store, or come one by one."""
        slot, record = feed.id[1], cell.record
        assert record is not None
        value = None if slot == CALLS else record.outputs[slot]
        if slot == CALLS or not cell.spec.outputs[slot].many:
            self._add_one(feed, cell, record, value)
        elif record.counts is not None and slot in record.counts:
            self._add_stored(feed, cell, record, record.counts[slot])
        elif value.__class__ is Blocked:
            feed.values[feed.add(item_key(cell.key, slot, 0), (cell.index, 0))] = value
            feed.cursor += 1
        else:
            feed.live = self.calls.take(cell, slot)
            assert feed.live is not None
            feed.position = 0
        self._notify(feed)

    def _add_one(self, feed: Feed, cell: Cell, record: Record, value: Any) -> None:
        """Add the one value of a tapped node's call, unless that came to nothing."""
        if value.__class__ is not Blocked or not self._is_end(cell):
            index = feed.add(item_key(cell.key, feed.id[1] + 1, 0), (cell.index, 0))
            feed.values[index] = value
            feed.trails[index] = record.trail
        feed.cursor += 1

    def _add_stored(self, feed: Feed, cell: Cell, record: Record, count: int) -> None:
        """Add the items of a call that was found in the store, by their keys."""
        slot = feed.id[1]
        named = record.items.get(slot)
        for place in range(count):
            key = item_key(cell.key, slot, place) if named is None else bytes.fromhex(named[place])
            feed.add(key, (cell.index, place))
        feed.cursor += 1

    def _is_end(self, cell: Cell) -> bool:
        """Whether a tapped node's call came to nothing because the stream that it awaited is empty."""
        chart = self.chart
        taps = self.calls.awaited(cell.id, cell.index)
        return any(not chart.index_exists(chart.feeds_of(tap), 0) for tap in taps)

    # -- items

    def _take_item(self, feed: Feed) -> None:
        """Take one item from the producer, in its lane."""
        cell = feed.cell
        assert cell is not None
        assert feed.live is not None
        started = perf_counter()
        try:
            self.run.job.cancel.check()
            value = next(feed.live)
        except StopIteration:
            self._call_over(feed, cell)
            return
        except BaseException as error:
            self.run.faults.raised(cell, error, None)
            return
        self._add_item(feed, cell, value, perf_counter() - started)

    def _add_item(self, feed: Feed, cell: Cell, value: Any, seconds: float) -> None:
        key, value, trail = self.calls.identify(feed, cell, value)
        self.calls.keep_item(cell, key, value, seconds, trail)
        with self.run.schedule.turn:
            index = feed.add(key, (cell.index, feed.position))
            feed.values[index] = value
            feed.trails[index] = trail
            feed.position += 1
            self.run.account.reports[cell.id].seconds += seconds
            self._notify(feed)
            self.run.schedule.go_on()

    def _call_over(self, feed: Feed, cell: Cell) -> None:
        """One call gave its last item."""
        with self.run.schedule.turn:
            feed.live = None
            feed.cursor += 1
            self.calls.over(feed, cell)
            self._notify(feed)
            self.run.schedule.go_on()

    def _notify(self, feed: Feed) -> None:
        """Wake whom the feed now reaches; go on for the others."""
        feed.pulling = False
        waiting = []
        for count, wake in feed.wakes:
            if feed.reaches(count):
                self.run.schedule.arrived(wake)
            else:
                waiting.append((count, wake))
        feed.wakes = waiting
        if waiting:
            self._pull(feed)
