"""Flow: the streams of one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from safelight.core.cell import Wake
from safelight.core.stream.call import Calls
from safelight.core.stream.chart import Chart
from safelight.core.stream.feed import CALLS
from safelight.core.stream.gathering import Gathering
from safelight.core.stream.item import Items
from safelight.core.stream.pace import Pace
from safelight.core.stream.production import Production
from safelight.core.stream.replay import Replay
from safelight.core.stream.supply import Supply

if TYPE_CHECKING:
    from safelight.core.run.run import Run


class Flow:
    """Puts the parts together, and begins what a run is asked for."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.chart = Chart()
        self.items = Items(run, self.chart)
        self.pace = Pace(run, self)
        self.gathering = Gathering(run, self.chart, self.pace)
        self.calls = Calls(run, self.chart)
        self.production = Production(run, self.chart, self.items, self.calls)
        self.replay = Replay(run, self.items, self.calls)
        self.supply = Supply(run, self)

    def ends(self, root: str) -> int:
        """How often `begin` will call back for a root."""
        many = sum(output.many for output in self.run.specs[root].outputs)
        return many if many and root not in self.chart.tapped else 1

    def begin(self, root: str, done: Callable[[], None]) -> None:
        """Demand a root; `done` is called when it is complete, once for each output that gives many."""
        chart, spec = self.chart, self.run.specs[root]
        if root in chart.tapped:
            self.pace.lead(((root, CALLS),), done)
        elif spec.streams:
            for slot, output in enumerate(spec.outputs):
                if output.many:
                    self.pace.lead(((root, slot),), done)
        elif root in chart.mapped:
            self.pace.lead(chart.mapped[root], done, root=root)
        else:
            self._begin_single(root, done)

    def _begin_single(self, root: str, done: Callable[[], None]) -> None:
        """Demand a root that runs once."""
        run = self.run
        cell = run.demand.cell(root)
        cell.users += 1
        run.schedule.open += 1
        wake = Wake(done)
        run.demand.wait(cell, wake)
        if not wake.release():
            done()
