"""Fault: what happens when a body raises."""

from __future__ import annotations

from contextlib import suppress
from glob import escape
from typing import TYPE_CHECKING

from safelight.core.cell import Cell
from safelight.core.context import Context
from safelight.core.error import Cancelled
from safelight.core.failure import failure, is_cancel, is_memory

if TYPE_CHECKING:
    from safelight.core.run.run import Run


class Faults:
    """Ends the run when a body fails, unless it only lacked memory, and cleans up after it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._inside: set[Context] = set()
        """The contexts of bodies that are running."""

    def watch(self, context: Context) -> None:
        """A body begins that may reserve files."""
        self._inside.add(context)

    def release(self, context: Context) -> None:
        """It came to its end."""
        self._inside.discard(context)

    def clean_up(self) -> None:
        """The run is over: clean up after bodies that did not end in time."""
        for context in list(self._inside):
            _clean(context)

    def raised(self, cell: Cell, error: BaseException, context: Context | None) -> None:
        """A body raised: try again with less memory if that is what it lacked, else end the run."""
        if context is not None:
            self.release(context)
            _clean(context)
        if self.run.schedule.ending is not None:
            return
        if not (is_memory(error) and self._relieve(cell)):
            self._end(cell, error)

    def _end(self, cell: Cell, error: BaseException) -> None:
        schedule, problem = self.run.schedule, failure(cell, error)
        with schedule.turn:
            if is_cancel(error):
                schedule.end("cancelled", Cancelled())
            elif schedule.end("failed", problem):
                self.run.account.failed(cell, problem)
            schedule.stop()

    def _relieve(self, cell: Cell) -> bool:
        """Run a node again with more memory or a thriftier plan; False when the ladder has no rung left."""
        job, engine, schedule = self.run.job, self.run.engine, self.run.schedule
        level = job.levels.get((cell.id, cell.index), 0)
        rung = engine.relief(level) if engine.relief is not None else None
        if rung is None:
            return False
        job.levels[(cell.id, cell.index)] = level + 1
        self.run.account.warn(cell, f"memory ran out; it is tried again {rung.text}")
        with schedule.turn:
            if rung.plan is not None:
                job.plans[(cell.id, cell.index)] = rung.plan
                self.run.tainted.add(cell.id)
            schedule.ready(cell)
            schedule.wake()
        return True


def _clean(context: Context) -> None:
    """Remove reserved files that a body did not get to fill, and drafts; what it wrote is the user's."""
    for path in context.writes:
        with suppress(OSError):
            if path.stat().st_size == 0:
                path.unlink()
            for draft in path.parent.glob(f".{escape(path.name)}.*.part"):
                draft.unlink()
