"""Body: calling what a node does, with its arguments, in the lane where it is to run."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from safelight.core.bind import Stopped, Watched, bind
from safelight.core.cell import NEW, Cell
from safelight.core.graph import Link
from safelight.core.outcome import Blocked
from safelight.core.plan import plan_of
from safelight.core.run.work import Work

if TYPE_CHECKING:
    from safelight.core.run.run import Run


class Bodies:
    """Calls the bodies of one run's cells, whose sources are done."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.chart = run.flow.chart
        self.delivery = run.delivery

    def work(self, cell: Cell) -> None:
        """Run a cell's body here and now."""
        work = Work()
        try:
            arguments = self._begin(cell, work)
            if arguments is not None:
                started = perf_counter()
                outcome = cell.spec.function(**arguments)
                work.seconds = perf_counter() - started
                self._end(cell, work, outcome)
        except BaseException as error:
            self.run.faults.raised(cell, error, work.context)

    async def work_async(self, cell: Cell) -> None:
        """Run a cell's body on the loop."""
        work = Work()
        try:
            arguments = self._begin(cell, work)
            if arguments is not None:
                started = perf_counter()
                if cell.spec.closes:  # what it waits for is not time of its own
                    outcome = await plan_of(self.run, cell)
                else:
                    outcome = await cell.spec.function(**arguments)
                    work.seconds = perf_counter() - started
                self._end(cell, work, outcome)
        except Stopped as stop:
            self.delivery.deliver(cell, work, stop.outcome or Blocked())
        except BaseException as error:
            self.run.faults.raised(cell, error, work.context)
        finally:
            self.run.schedule.landed()

    def _begin(self, cell: Cell, work: Work) -> dict[str, Any] | None:
        """The arguments of a body that is to run now; None if it is blocked, or waits for a source again."""
        arguments = self._bind(cell, work)
        if arguments.__class__ is Blocked:
            self.delivery.deliver(cell, work, arguments)
            return None
        if arguments is not None:
            self._enter(cell, work, arguments)
        return arguments  # type: ignore[no-any-return]

    def _bind(self, cell: Cell, work: Work) -> Any:
        """The arguments of a body; None if a source was let go of or spoiled: then it is demanded anew."""
        run = self.run
        if not run.spoiled and not self.chart.streaming:
            return bind(run, cell, work)
        with run.schedule.turn:
            if self._sources_there(cell):
                return bind(run, cell, work)
            cell.state = NEW
            run.demand.demand(cell)
            run.schedule.go_on()
        return None

    def _sources_there(self, cell: Cell) -> bool:
        by_name, is_there = cell.spec.by_name, self.run.flow.supply.is_there
        eager = [(by_name[name], link) for name, link in cell.node.links if name in by_name]
        return all(one.lazy or is_there(cell, one, link) for one, link in eager)

    def _enter(self, cell: Cell, work: Work, arguments: dict[str, Any]) -> None:
        """Announce a body, and give it a context if it takes one."""
        run = self.run
        if not (cell.spec.closes and cell.forced):  # which may come out as if it had not been run
            run.account.started(cell)
        work.arguments = arguments
        name = cell.spec.context
        if name is not None:
            work.context = arguments[name] = run.engine.context(run.job, cell)
            run.faults.watch(work.context)

    def _end(self, cell: Cell, work: Work, outcome: Any) -> None:
        """A body returned: see what it did to its inputs, and take what it gave."""
        if work.watched is not None:
            self._check_changed(cell, work.watched)
        for text in work.context.warned if work.context is not None else ():
            self.run.account.warn(cell, text)
        self.delivery.deliver(cell, work, outcome)

    def _check_changed(self, cell: Cell, watched: Watched) -> None:
        """A stored tensor that the body changed in place is no longer what its key says."""
        run = self.run
        for name in watched.changed():
            given = cell.node.inputs[name]
            if isinstance(given, Link):
                with run.schedule.turn:
                    run.store.drop(run.flow.supply.key_of(cell, given))
                    run.flow.supply.spoil(cell, given)
                    run.spoiled = True
            text = f"{cell.spec.id} changed its input '{name}' in place; the stored value was dropped"
            run.account.warn(cell, text)
