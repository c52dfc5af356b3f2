"""Items: the cells of nodes that run once per item, one per index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from safelight.core.cell import DONE, Cell
from safelight.core.graph import Link
from safelight.core.key import SLOTS
from safelight.core.spec import InputSpec
from safelight.core.stream.chart import Chart
from safelight.core.stream.feed import CALLS, Feed

if TYPE_CHECKING:
    from safelight.core.run.run import Run


class Items:
    """Cells by node and index."""

    def __init__(self, run: Run, chart: Chart) -> None:
        self.run = run
        self.chart = chart
        self.cells: dict[tuple[str, int], Cell] = {}

    def source(self, id: str, index: int | None) -> Cell:
        """The cell that a link from `id` means for a consumer at `index`."""
        if id in self.chart.mapped:
            assert index is not None
            return self.at(id, self.chart.place(id, index))
        return self.run.demand.cell(id)

    def producer(self, feed: Feed, index: int) -> Cell:
        """The cell that gives a feed's items for the producer's `index`."""
        id = feed.id[0]
        if feed.sources is not None:
            return self.at(id, index)
        if not feed.tapped:
            return self.run.demand.cell(id)
        cell = self.cells.get((id, index))
        if cell is None:
            cell = self._make(id, index)
            # which inputs it awaits, and so how often it runs, is known by running it only
            cell.forced = True
        return cell

    def known(self, id: str, index: int | None) -> Cell | None:
        """The cell that a link from `id` means for a consumer at `index`, if it was made and kept."""
        if id in self.chart.mapped:
            return self.cells.get((id, self.chart.place(id, index or 0)))
        return self.run.demand.cells.get(id)

    def forget(self, id: str, index: int | None) -> None:
        """Let go of that cell."""
        if id in self.chart.mapped:
            self.cells.pop((id, self.chart.place(id, index or 0)), None)
        else:
            self.run.demand.cells.pop(id, None)

    def at(self, id: str, index: int) -> Cell:
        """The cell of a mapped node at an index that exists, and those of the mapped nodes before it."""
        cells = self.cells
        known = cells.get((id, index))
        if known is not None:
            return known
        pending = [(id, index)]
        while pending:
            place = pending[-1]
            missing = [] if place in cells else [one for one in self._sources(*place) if one not in cells]
            if missing:
                pending.extend(missing)
                continue
            pending.pop()
            if place not in cells:
                self._make(*place)
        return cells[(id, index)]

    def _make(self, id: str, index: int) -> Cell:
        run = self.run
        node, spec = run.nodes[id], run.specs[id]
        key = run.engine.keys.of_item(id, node, spec, self._stand_ins(id, index), index)
        cell = self.cells[(id, index)] = Cell(id, node, spec, key)
        cell.index = index
        return cell

    def _sources(self, id: str, index: int) -> Iterator[tuple[str, int]]:
        """The cells of mapped nodes that one cell takes its items from."""
        chart = self.chart
        for name, link in self.run.nodes[id].links:
            one = self.run.specs[id].by_name.get(name)
            if one is None or one.many or one.lazy or (link.node, link.slot) in chart.feeds:
                continue
            if link.node in chart.mapped:
                yield link.node, chart.place(link.node, index)

    def _stand_ins(self, id: str, index: int) -> dict[str, bytes]:
        """What stands for each link in the key of one item's cell."""
        by_name = self.run.specs[id].by_name
        links = [(name, link) for name, link in self.run.nodes[id].links if name in by_name]
        return {name: self._stand_in(by_name[name], link, index) for name, link in links}

    def _stand_in(self, one: InputSpec, link: Link, index: int) -> bytes:
        chart, tap = self.chart, (link.node, link.slot)
        whole = SLOTS[link.slot] + self.run.keys[link.node]
        if not chart.feeds_of(tap):
            return whole
        if one.many:
            return b"M" + whole
        if one.lazy:
            return b"Z%d;" % index + whole
        if tap in chart.feeds:
            feed = chart.feeds[tap]
            return b"I" + feed.keys[feed.place(index)]
        return SLOTS[link.slot] + self.cells[(link.node, chart.place(link.node, index))].key

    def prune(self, low: int) -> None:
        """Let go of cells below `low` that nobody will ask for again."""
        done = sorted(place for place, cell in self.cells.items() if cell.state == DONE and cell.spec.cached)
        newest = dict(done)
        for place in done:
            if place[1] < low and place[1] != newest[place[0]] and not self._is_cursor(place):
                del self.cells[place]

    def _is_cursor(self, place: tuple[str, int]) -> bool:
        """Whether a feed still has to take items from a mapped producer's cell."""
        slots = range(CALLS, len(self.run.specs[place[0]].outputs))
        feeds = (self.chart.feeds.get((place[0], slot)) for slot in slots)
        return any(feed is not None and feed.cursor <= place[1] for feed in feeds)
