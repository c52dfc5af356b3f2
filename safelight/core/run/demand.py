"""Demand: which cells are wanted, and what they wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safelight.core.cell import DONE, NEW, WAITING, Cell, Wake
from safelight.core.checkpoint import DiskCheckpoint
from safelight.core.graph import Link
from safelight.core.report import State
from safelight.core.store.record import Record
from safelight.core.store.tier import Found

if TYPE_CHECKING:
    from safelight.core.run.run import Run


class Demand:
    """The cells of nodes that run once, and the way of any cell from demanded to done."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.schedule = run.schedule
        self.account = run.account
        self.trails = run.trails
        self.chart = run.flow.chart
        self.cells: dict[str, Cell] = {}

    def cell(self, id: str) -> Cell:
        """The cell of a node that runs once."""
        cell = self.cells.get(id)
        if cell is None:
            run = self.run
            cell = self.cells[id] = Cell(id, run.nodes[id], run.specs[id], run.keys[id])
            if id in run.forced:
                cell.forced = True
        return cell

    def wait(self, cell: Cell, wake: Wake) -> None:
        """Demand a cell and hold `wake` back until it is done."""
        if cell.state != DONE:
            cell.wait(wake)
            self.demand(cell)

    def demand(self, first: Cell) -> None:
        """See to it that a cell gets its result: from the store, or from its sources and its body."""
        stack = [first]
        chart, wire_streams = self.chart, self.run.flow.supply.wire
        while stack:
            cell = stack.pop()
            if cell.state != NEW or self._found(cell):
                continue
            cell.state = WAITING
            cell.pending = 1
            if cell.index is None and not chart.streaming:
                self._wire(cell, stack)
            else:
                wire_streams(cell, stack)
            self.schedule.arrived(cell)

    def _found(self, cell: Cell) -> bool:
        """Settle a cell whose result is stored already; tells whether it is."""
        run = self.run
        job = run.job
        if cell.forced:
            return False
        if cell.spec.cached and not job.fresh:
            found = run.store.find(cell.key, cell.id in run.late)
            if found.__class__ is Found:
                self.settle(cell, found.record, found.place)
                return True
            if found is not None:
                cell.miss = found  # type: ignore[assignment]
        elif job.journal is not None and cell.key in job.journal:
            kept = job.journal.find(cell.key, run.store.digest_of)
            if kept is not None:
                self.settle(cell, kept, "disk")
                return True
        return False

    def _wire(self, cell: Cell, stack: list[Cell]) -> None:
        """Demand the sources of a cell in a graph without streams."""
        by_name, cells = cell.spec.by_name, self.cells
        for name, given in cell.node.inputs.items():
            if given.__class__ is Link:
                one = by_name.get(name)
                if one is None or one.lazy:
                    continue
                source = cells.get(given[0]) or self.cell(given[0])
                source.users += 1
                if source.state != DONE:
                    source.wait(cell)
                    if source.state == NEW:
                        stack.append(source)

    def settle(
        self, cell: Cell, record: Record, state: State, checkpoint: DiskCheckpoint | None = None
    ) -> None:
        """A cell has its result: report it, let go of its sources, and wake those who wait for it."""
        cell.record = record
        cell.state = DONE
        if record.trail:
            self.trails.any = True
        if state == "ran":
            self._release(cell)
        self.account.finished(cell, record, state, checkpoint)
        waiters = cell.waiters
        if waiters is not None:
            cell.waiters = None
            for waiter in waiters:
                self.schedule.arrived(waiter)

    def _release(self, cell: Cell) -> None:
        """Let go of sources that nobody else uses; who asks again finds them in the store."""
        if cell.index is not None or self.chart.streaming:
            return
        cells, by_name = self.cells, cell.spec.by_name
        for name, given in cell.node.inputs.items():
            if given.__class__ is Link:
                one = by_name.get(name)
                source = cells.get(given[0]) if one is not None and not one.lazy else None
                if source is not None and source.users:
                    source.users -= 1
                    if not source.users and self.run.delivery.is_stored(source):
                        del cells[given[0]]

    def value(self, cell: Cell, link: Link) -> Any:
        """The value that a link brings to a cell whose sources are done."""
        if self.chart.streaming:
            return self.run.flow.supply.value(cell, link)
        record = self.cells[link[0]].record
        assert record is not None
        return record.outputs[link[1]]
