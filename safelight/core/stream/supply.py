"""Supply: what a link brings to its consumer, be it one value, an item of a stream, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safelight.core.cell import DONE, NEW, Cell, Wake
from safelight.core.graph import Link
from safelight.core.outcome import Blocked
from safelight.core.socket import Many
from safelight.core.spec import InputSpec
from safelight.core.stream.feed import Tap

if TYPE_CHECKING:
    from safelight.core.run.run import Run
    from safelight.core.stream.flow import Flow


class Supply:
    """Demands, takes and lets go of what links bring, in a graph that may have streams."""

    def __init__(self, run: Run, flow: Flow) -> None:
        self.run = run
        self.flow = flow
        self.chart = flow.chart
        self.items = flow.items

    # -- demand

    def wire(self, cell: Cell, stack: list[Cell]) -> None:
        """Demand everything that a cell's eager inputs need."""
        for name, link in cell.node.links:
            one = cell.spec.by_name.get(name)
            if one is not None and not one.lazy:
                self._wire_link(cell, one, link, stack)

    def _wire_link(self, cell: Cell, one: InputSpec, link: Link, stack: list[Cell]) -> None:
        tap = (link.node, link.slot)
        if one.many and self.chart.feeds_of(tap):
            self.flow.gathering.collect(tap, cell)
        elif tap in self.chart.feeds:
            assert cell.index is not None
            self.flow.replay.fetch(self.chart.feeds[tap], cell.index, cell)
        else:
            source = self.items.source(link.node, cell.index)
            if source.state != DONE:
                source.wait(cell)
                if source.state == NEW:
                    stack.append(source)

    def want_item(self, tap: Tap, index: int, wake: Wake) -> None:
        """Hold `wake` back until the value at `index` is there."""
        if tap in self.chart.feeds:
            self.flow.replay.fetch(self.chart.feeds[tap], index, wake)
        else:
            self.run.demand.wait(self.items.source(tap[0], index), wake)

    def want(self, cell: Cell, one: InputSpec, link: Link, wake: Wake) -> None:
        """Hold `wake` back until a lazy input's value is there."""
        tap = (link.node, link.slot)
        if not self.chart.feeds_of(tap):
            source = self.run.demand.cell(link.node)
            source.users += 1
            self.run.demand.wait(source, wake)
        elif one.many:
            self.flow.gathering.collect(tap, wake)
        else:
            self.want_item(tap, cell.index or 0, wake)

    def reach(self, cell: Cell, one: InputSpec, link: Link, wake: Wake) -> None:
        """Hold `wake` back until it is known whether a lazy input's stream has an item for the cell."""
        feeds = self.chart.feeds_of((link.node, link.slot))
        if feeds and not one.many:
            self.flow.calls.await_tap(cell, (link.node, link.slot))
            self.flow.production.settle(feeds, cell.index or 0, wake)

    # -- what is there

    def item(self, tap: Tap, index: int) -> Any:
        """The value at `index`, which was wanted before."""
        if tap in self.chart.feeds:
            feed = self.chart.feeds[tap]
            return feed.values[feed.place(index)]
        record = self.items.source(tap[0], index).record
        assert record is not None
        return record.outputs[tap[1]]

    def value(self, cell: Cell, link: Link) -> Any:
        """What a link brings to a cell."""
        return self.item((link.node, link.slot), cell.index if cell.index is not None else 0)

    def collected(self, cell: Cell, link: Link) -> Any:
        """The list for an input that gathers."""
        tap = (link.node, link.slot)
        if self.chart.feeds_of(tap):
            return self.flow.gathering.collectors[tap].outcome
        value = self.run.demand.value(cell, link)
        if value.__class__ is Blocked:
            return value
        several = isinstance(value, (list, Many)) and not _is_conditioning(value)
        return list(value) if several else [value]

    def is_empty(self, one: InputSpec, link: Link) -> bool:
        """Whether a lazy input's stream has no items at all."""
        feeds = self.chart.feeds_of((link.node, link.slot))
        return bool(feeds) and not one.many and not self.chart.index_exists(feeds, 0)

    def is_there(self, cell: Cell, one: InputSpec, link: Link) -> bool:
        """Whether what a link brings can be taken now: made, and not let go of or spoiled since."""
        tap = (link.node, link.slot)
        if one.many and self.chart.feeds_of(tap):
            return self.flow.gathering.collectors[tap].done
        if tap in self.chart.feeds:
            feed = self.chart.feeds[tap]
            return feed.place(cell.index or 0) in feed.values
        source = self.items.known(link.node, cell.index)
        if source is None or source.state != DONE:
            return False
        record = source.record
        if self.run.spoiled and record is not None and record.marks and record.changed():
            self.spoil(cell, link)  # a body changed a tensor that this node had handed on
            return False
        return True

    def spoil(self, cell: Cell, link: Link) -> None:
        """Forget a value that a body changed in place, so that whoever else needs it has it made again."""
        feed = self.chart.feeds.get((link.node, link.slot))
        if feed is not None:
            feed.values.pop(feed.place(cell.index or 0), None)
        else:
            self.items.forget(link.node, cell.index)

    def key_of(self, cell: Cell, link: Link) -> bytes:
        """The key under which what a link brings is stored."""
        tap = (link.node, link.slot)
        if tap in self.chart.feeds and cell.index is not None:
            feed = self.chart.feeds[tap]
            return feed.keys[feed.place(cell.index)]
        if link.node in self.chart.mapped and cell.index is not None:
            return self.items.source(link.node, cell.index).key
        return self.run.keys[link.node]


def _is_conditioning(value: Any) -> bool:
    """Whether a list is one value of its own, CONDITIONING: pairs of a tensor and a dictionary."""
    pairs = isinstance(value, list) and all(isinstance(one, (list, tuple)) and len(one) == 2 for one in value)
    return pairs and bool(value) and all(isinstance(one[1], dict) for one in value)
