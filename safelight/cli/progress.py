"""Progress: what a run is doing, as a bar on a terminal and as plain lines in a pipe."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from time import monotonic

from safelight.cli.explanation import original
from safelight.cli.speech import CLEAR, amount, paint, tell
from safelight.cli.table import width
from safelight.core.event import Event, NodeFinished, NodeProgressed, NodeStarted

REDRAW = 0.05
"""Seconds between two drawings of the bar."""
REPEAT = 5.0
"""Seconds between two lines about one node in a pipe."""
BAR = 24
MANY = 50
TRIFLE = 0.05
"""In workflows of more than `MANY` nodes, one that took fewer seconds than this gets no line of its own."""


@dataclass
class Work:
    """One node at work: since when, and how far it is. Where it runs once per item, the items so far."""

    name: str
    started: float
    item: int | None = None
    done: int = 0
    total: int = 0
    first: tuple[float, int] | None = None
    """When progress was first heard, and how much was done then: the rate is counted from there."""
    spoken: float = 0.0
    finished: int = 0
    seconds: float = 0.0

    def advance(self, done: int, total: int) -> None:
        """Take note of progress."""
        self.done, self.total = done, total
        if self.first is None or done < self.first[1]:
            self.first = (monotonic(), done)

    @property
    def rate(self) -> float:
        """Steps a second, 0 while unknown."""
        if self.first is None or self.done <= self.first[1]:
            return 0.0
        return (self.done - self.first[1]) / max(1e-6, monotonic() - self.first[0])

    @property
    def pace(self) -> str:
        """`12/20 steps, 8.4 steps/s, 1.0 s left`."""
        words = [f"step {self.done} of {self.total}"] if self.total else []
        if self.rate:
            words.append(f"{self.rate:.1f} steps/s" if self.rate >= 1 else f"{1 / self.rate:.1f} s/step")
            if self.total > self.done:
                words.append(f"{amount((self.total - self.done) / self.rate)} left")
        return ", ".join(words)


@dataclass
class Progress:
    """Listens to a run; events come from several threads. `names` are the nodes' names by id."""

    names: dict[str, str]

    def __post_init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self._lock = threading.Lock()
        self._working: dict[str, Work] = {}
        self._drawn = 0.0
        self._shows_bar = False

    def __call__(self, event: Event) -> None:
        """Take note of an event, and show what is worth it."""
        match event:
            case NodeStarted():
                with self._lock:
                    self._start(event)
            case NodeProgressed():
                with self._lock:
                    self._advance(event)
            case NodeFinished(state="ran"):
                with self._lock:
                    self._finish(event)

    def close(self) -> None:
        """Take the bar away, and say of nodes that ran once per item how often."""
        with self._lock:
            self._clear()
            for work in self._working.values():
                if work.finished:
                    times = "once" if work.finished == 1 else f"{work.finished} times"
                    tell(f"{work.name}  {paint(f'{times}, {amount(work.seconds)}', 'dim')}")
            self._working.clear()

    def _start(self, event: NodeStarted) -> None:
        work = self._working.get(event.node)
        if work is None or event.item is None:
            work = self._working[event.node] = Work(self._called(event.node), monotonic())
        work.item = event.item
        work.first, work.done, work.total = None, 0, 0
        self._show(work)

    def _called(self, id: str) -> str:
        """A node by its name; a copy in a loop by that of its node and its own id."""
        above = original(id, self.names)
        name = self.names.get(above, id)
        return name if above == id else f"{name} ({id})"

    def _advance(self, event: NodeProgressed) -> None:
        work = self._working.get(event.node)
        if work is not None and event.total:
            work.advance(event.done, event.total)
            self._show(work)

    def _finish(self, event: NodeFinished) -> None:
        work = self._working.get(event.node)
        if work is None:
            return
        if event.item is not None:
            work.finished += 1
            work.seconds += event.seconds
            return
        del self._working[event.node]
        if len(self.names) > MANY and event.seconds < TRIFLE:
            return
        steps = f", {work.rate:.1f} steps/s" if work.rate and work.total > 1 else ""
        tell(f"{work.name}  {paint(f'{amount(event.seconds)}{steps}', 'dim')}")

    def _show(self, work: Work) -> None:
        now = monotonic()
        if self.terminal:
            if now - self._drawn >= REDRAW:
                self._drawn = now
                self._draw(work)
        elif now - max(work.spoken, work.started) >= REPEAT:
            work.spoken = now
            tell(f"{work.name}{_item(work)}: {work.pace or 'at work'}")

    def _draw(self, work: Work) -> None:
        share = work.done / work.total if work.total else 0.0
        full = round(share * BAR)
        name = f"{work.name}{_item(work)}"
        line = f"{name}  {'━' * full}{'─' * (BAR - full)}  {work.pace}" if work.total else f"{name}  ..."
        sys.stderr.write(f"{CLEAR}{line[: width() - 1]}")
        sys.stderr.flush()
        self._shows_bar = True

    def _clear(self) -> None:
        if self._shows_bar:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
            self._shows_bar = False


def _item(work: Work) -> str:
    return "" if work.item is None else f", item {work.item + 1}"
