"""Delivery: what a body gave, as a record that is stored and handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safelight.core.bind import outputs_of
from safelight.core.cell import Cell
from safelight.core.checkpoint import DiskCheckpoint
from safelight.core.expansion import Expansion
from safelight.core.iteration import Repetition
from safelight.core.key import place
from safelight.core.outcome import Expand
from safelight.core.plan import Plan
from safelight.core.run.work import Work
from safelight.core.store.record import Record

if TYPE_CHECKING:
    from safelight.core.journal import Journal
    from safelight.core.run.run import Run


class Delivery:
    """Takes what the bodies of one run give."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.schedule = run.schedule
        self.demand = run.demand
        self.trails = run.trails

    def deliver(self, cell: Cell, work: Work, outcome: Any) -> None:
        """Take what a body returned."""
        if outcome.__class__ is Expand:
            with self.schedule.turn:
                Expansion(self.run, cell, work, outcome).begin()
                self.schedule.go_on()
            return
        if outcome.__class__ is Plan:
            with self.schedule.turn:
                Repetition(self.run, cell, work, outcome).begin()
                self.schedule.go_on()
            return
        self.deliver_outputs(cell, work, outputs_of(cell.spec, outcome))

    def deliver_outputs(self, cell: Cell, work: Work, outputs: tuple[Any, ...]) -> None:
        """Make the record of a cell's outputs, store it and tell those who wait."""
        run, spec = self.run, cell.spec
        if run.tainted:
            self._hand_on_taint(cell)
        if spec.streams:
            outputs = run.flow.calls.open(cell, outputs)
        record = Record(outputs, spec.id, work.seconds)
        checkpoint = None
        if work.context is not None:
            run.faults.release(work.context)
            work.note(record)
            checkpoint = work.checkpoint
        if self.trails.any or record.reads:
            self.trails.note(cell, work, record)
        known = run.store.has(cell.key) if cell.forced and spec.closes else None
        if spec.streams:
            run.flow.calls.hold(cell, work)
        else:
            self.keep(cell, record, checkpoint)
        with self.schedule.turn:
            self.demand.settle(cell, record, known or "ran", checkpoint)
            self.schedule.go_on()

    def _hand_on_taint(self, cell: Cell) -> None:
        """What is made from a result that is not to be stored is not to be stored either."""
        tainted = self.run.tainted
        if any(link.node in tainted for _, link in cell.node.links):
            tainted.add(cell.id)

    def is_stored(self, cell: Cell) -> bool:
        """Whether what a cell gives may be found again: by its node, its arithmetic and the job."""
        return cell.spec.cached and cell.id not in self.run.tainted and not self.run.job.fresh

    def keep(self, cell: Cell, record: Record, checkpoint: DiskCheckpoint | None = None) -> None:
        """Store a record, if it may be; only then is the node's half-done state worth nothing."""
        done = checkpoint.done if checkpoint is not None else None
        if self.run.job.journal is not None:
            self._note_down(self.run.job.journal, cell, record)
        if self.is_stored(cell):
            self.run.store.put(cell.key, record, passing=cell.index is not None, then=done)
        elif done is not None:
            done()

    def _note_down(self, journal: Journal, cell: Cell, record: Record) -> None:
        """Have files that were written survive a loss of power, and keep what no store may for this job."""
        journal.secure(record.writes)
        run = self.run
        kept = not (cell.spec.cached or cell.spec.streams or run.job.fresh or cell.id in run.tainted)
        if kept:
            journal.keep(place(cell.id, cell.index), cell.key, record)
