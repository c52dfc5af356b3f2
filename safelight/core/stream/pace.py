"""Pace: how far each consumer of the streams is, who waits for the slowest, and what may be let go of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from safelight.core.stream.feed import FeedId
from safelight.core.stream.march import WINDOW, March

if TYPE_CHECKING:
    from safelight.core.run.run import Run
    from safelight.core.stream.flow import Flow
    from safelight.core.stream.gathering import Collector


class Pace:
    """The marches that are under way."""

    def __init__(self, run: Run, flow: Flow) -> None:
        self.run = run
        self.flow = flow
        self.marches: list[March] = []
        self.parked: list[March] = []

    def lead(
        self,
        feeds: tuple[FeedId, ...],
        done: Callable[[], None],
        *,
        root: str | None = None,
        collector: Collector | None = None,
    ) -> None:
        """Begin a march; it counts as a root that is waited for until `done` is called."""
        march = March(self.run, self.flow, feeds, done, root, collector)
        self.run.schedule.open += 1
        self.marches.append(march)
        self.run.schedule.due.append(march.step)

    def hold(self, march: March) -> bool:
        """Park a march that is too far ahead, if anything else is going on meanwhile."""
        schedule = self.run.schedule
        busy = bool(schedule.device) or schedule.inflight > schedule.awaiting
        too_far = march.index - self._slowest() > WINDOW and busy
        if too_far:
            self.parked.append(march)
        return too_far

    def _slowest(self) -> int:
        return min((march.index for march in self.marches), default=0)

    def unpark(self) -> bool:
        """Let marches that were too far ahead go on; tells whether there were any."""
        parked, self.parked = self.parked, []
        self.run.schedule.due.extend(march.step for march in parked)
        return bool(parked)

    def finished(self, march: March) -> None:
        """A march came to the end of its stream."""
        self.marches.remove(march)
        self.unpark()
        march.done()

    def prune(self) -> None:
        """Let go of items and cells that no march will ask for again."""
        low = self._slowest()
        for feed in self.flow.chart.feeds.values():
            if self.run.specs[feed.id[0]].cached:
                feed.forget(low)
        self.flow.items.prune(low)
        self.unpark()
