"""March: one consumer's way through a stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from safelight.core.cell import Wake
from safelight.core.stream.feed import FeedId

if TYPE_CHECKING:
    from safelight.core.run.run import Run
    from safelight.core.stream.flow import Flow
    from safelight.core.stream.gathering import Collector

WINDOW = 4
"""How many items one consumer may be ahead of the slowest."""


class March:
    """Goes from index to index; `done` is called at the end of the stream.

    `root` is a mapped node to be run at each index; a `collector` takes each value; with neither, the items
    are only made.
    """

    def __init__(
        self,
        run: Run,
        flow: Flow,
        feeds: tuple[FeedId, ...],
        done: Callable[[], None],
        root: str | None = None,
        collector: Collector | None = None,
    ) -> None:
        self.run = run
        self.flow = flow
        self.feeds = feeds
        self.done = done
        self.root = root
        self.collector = collector
        self.index = 0
        self.finished = False

    def step(self) -> None:
        """Go on until something has to be waited for. Called with the run's lock held."""
        while not self.finished and self.run.schedule.ending is None:
            if self.flow.pace.hold(self) or not self._settled():
                return
            if not self.flow.chart.index_exists(self.feeds, self.index):
                self.finished = True
                self.flow.pace.finished(self)
                return
            wake = Wake(self._arrived)
            self._demand(wake)
            if wake.release():
                return
            self._take()

    def _settled(self) -> bool:
        """Whether it is known if there is anything at this index; if not, `step` is called when it is."""
        wake = Wake(self.step)
        self.flow.production.settle(self.feeds, self.index, wake)
        return not wake.release()

    def _demand(self, wake: Wake) -> None:
        if self.root is not None:
            self.run.demand.wait(self.flow.items.at(self.root, self.index), wake)
        elif self.collector is not None:
            self.flow.supply.want_item(self.collector.tap, self.index, wake)

    def _arrived(self) -> None:
        self._take()
        self.step()

    def _take(self) -> None:
        """Take what was waited for, let go of it, and look at the next index."""
        if self.collector is not None:
            tap = self.collector.tap
            self.collector.take(self.flow.supply.item(tap, self.index))
            if self.run.trails.any:
                self.collector.trail.update(self.run.trails.of(tap, self.index))
        self.index += 1
        self.flow.pace.prune()
