"""Account: what the user is told about a run, node by node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safelight.core.cell import Cell
from safelight.core.checkpoint import DiskCheckpoint
from safelight.core.event import NodeFinished, NodeStarted, NodeWarned
from safelight.core.report import Report, State
from safelight.core.store.record import Record

if TYPE_CHECKING:
    from safelight.core.engine import Job


class Account:
    """The reports of one run, and the events that go with them."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.reports: dict[str, Report] = {}

    def started(self, cell: Cell) -> None:
        """A body begins."""
        if self.job.listener is not None:
            self.job.listener(NodeStarted(cell.id, cell.index))

    def warn(self, cell: Cell, text: str) -> None:
        """Tell whoever watches that a node misbehaved."""
        self.job.notices.append(f"node '{cell.id}' ({cell.spec.id}): {text}")
        if self.job.listener is not None:
            self.job.listener(NodeWarned(cell.id, text))

    def failed(self, cell: Cell, problem: Exception) -> None:
        """A body failed, and the run with it."""
        report = self.reports[cell.id] = Report(cell.spec.id, "failed")
        report.why = str(problem)

    def finished(
        self, cell: Cell, record: Record, state: State, checkpoint: DiskCheckpoint | None = None
    ) -> None:
        """A cell has its result."""
        report = self.reports.get(cell.id)
        if report is None:
            report = self.reports[cell.id] = Report(cell.spec.id, state)
        if state == "ran":
            report.state = state
            report.seconds += record.seconds
        elif report.state != "ran":
            report.state = state
        if cell.index is not None:
            report.items += 1
            report.ran += state == "ran"
        if cell.miss:
            report.why = cell.miss
        if record.told:
            self._add_told(cell, report, record, state)
        if checkpoint is not None:
            _add_resumed(report, checkpoint)
        if self.job.listener is not None:
            seconds = record.seconds if state == "ran" else 0.0
            self.job.listener(NodeFinished(cell.id, state, seconds, record.shown or {}, cell.index))

    def _add_told(self, cell: Cell, report: Report, record: Record, state: State) -> None:
        """Report a blocked output, what is shown and what was written; items of a stream add to it later."""
        if record.blocked is not None:
            report.blocked = record.blocked
        if not (cell.spec.streams and state == "ran"):
            report.add(record)


def _add_resumed(report: Report, checkpoint: DiskCheckpoint) -> None:
    report.resumed = checkpoint.taken_up or report.resumed
    report.began = checkpoint.began or report.began
    report.shortened += checkpoint.began is not None
    report.why = checkpoint.refused or report.why
