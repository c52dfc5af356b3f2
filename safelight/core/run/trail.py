"""Trail: the files that a result depends on and that no key names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safelight.core.cell import Cell
from safelight.core.store.record import Record
from safelight.core.widget import File

if TYPE_CHECKING:
    from safelight.core.run.run import Run
    from safelight.core.run.work import Work
    from safelight.core.stream.feed import Tap


class Trails:
    """The trails of one run's results, from source to result."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.any = False
        """Some result depends on a file that no key names."""

    def note(self, cell: Cell, work: Work, record: Record) -> None:
        """Note in a record the files that its result depends on and that no key names."""
        trail = {**self.to(cell), **work.trail}
        keyed = self._keyed(cell)
        trail.update((path, digest) for path, digest in record.reads if path not in keyed)
        record.trail = tuple(trail.items())
        self.any = self.any or bool(trail)

    def _keyed(self, cell: Cell) -> set[str]:
        """The files whose content is part of the cell's key already."""
        inputs = cell.node.inputs
        files = [
            (one.widget.kind, inputs[one.name])
            for one in cell.spec.inputs
            if isinstance(one.widget, File) and isinstance(inputs.get(one.name), str)
        ]
        return {str(self.run.engine.folders.find(kind, name)) for kind, name in files}

    def to(self, cell: Cell) -> dict[str, str]:
        """The files that a cell's sources depend on."""
        trail: dict[str, str] = {}
        collectors = self.run.flow.gathering.collectors
        for name, link in cell.node.links:
            one = cell.spec.by_name.get(name)
            if one is not None:
                tap = (link.node, link.slot)
                gathered = collectors.get(tap) if one.many else None
                trail.update(self.of(tap, cell.index) if gathered is None else gathered.trail)
        return trail

    def of(self, tap: Tap, index: int | None) -> tuple[tuple[str, str], ...]:
        """The files that one value depends on."""
        flow = self.run.flow
        feed = flow.chart.feeds.get(tap)
        if feed is not None:
            return feed.trails.get(feed.place(index or 0), ())
        source = flow.items.known(tap[0], index)
        return source.record.trail if source is not None and source.record is not None else ()
