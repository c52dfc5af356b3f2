"""Gathering: inputs that take all values of a stream at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safelight.core.cell import Waiter
from safelight.core.outcome import Blocked
from safelight.core.stream.chart import Chart
from safelight.core.stream.feed import Tap

if TYPE_CHECKING:
    from safelight.core.run.run import Run
    from safelight.core.stream.pace import Pace


class Collector:
    """All values of one stream, for an input that gathers."""

    __slots__ = ("blocked", "done", "tap", "trail", "values", "waiters")

    def __init__(self, tap: Tap) -> None:
        self.tap = tap
        self.values: list[Any] = []
        self.trail: dict[str, str] = {}
        self.blocked: Blocked | None = None
        self.done = False
        self.waiters: list[Waiter] = []

    def take(self, value: Any) -> None:
        """Add one item; blocked ones are left out."""
        if value.__class__ is Blocked:
            self.blocked = value
        else:
            self.values.append(value)

    @property
    def outcome(self) -> Any:
        """The list; Blocked if there were items and every one was blocked."""
        return self.blocked if self.blocked is not None and not self.values else self.values


class Gathering:
    """The collectors of one run."""

    def __init__(self, run: Run, chart: Chart, pace: Pace) -> None:
        self.run = run
        self.chart = chart
        self.pace = pace
        self.collectors: dict[Tap, Collector] = {}

    def collect(self, tap: Tap, waiter: Waiter) -> None:
        """Hold `waiter` back until every value of a stream is gathered."""
        collector = self.collectors.get(tap)
        if collector is None:
            made = collector = self.collectors[tap] = Collector(tap)
            self.pace.lead(self.chart.feeds_of(tap), lambda: self._gathered(made), collector=made)
        if not collector.done:
            waiter.pending += 1
            collector.waiters.append(waiter)

    def _gathered(self, collector: Collector) -> None:
        """The stream came to its end."""
        collector.done = True
        for waiter in collector.waiters:
            self.run.schedule.arrived(waiter)
        collector.waiters = []
        self.run.schedule.root_done()
