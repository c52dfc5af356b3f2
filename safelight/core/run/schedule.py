"""Schedule: what is due, and in which lane."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition, RLock
from time import monotonic
from typing import TYPE_CHECKING

from safelight.core.cell import RUNNING, Cell, Waiter, Wake
from safelight.core.error import Cancelled, SafelightError

if TYPE_CHECKING:
    from safelight.core.run.run import Run

GRACE = 1.0
"""Seconds that running bodies get to notice that the run is over."""


class Schedule:
    """The run's one lock, its queues, and how it ends."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.turn = RLock()
        self._changed = Condition(self.turn)
        self._idle = False
        """The device lane sleeps, and is to be woken when something changed."""
        self.due: deque[Callable[[], None]] = deque()
        """Calls to be made under the lock."""
        self.device: list[Cell | Callable[[], None]] = []
        """What waits for the device lane."""
        self.inflight = 0
        """How much is going on in other lanes."""
        self.awaiting = 0
        """How much of that only waits for lazy inputs."""
        self.open = 0
        """How many roots are not done."""
        self.ending: str | None = None
        self.error: SafelightError | None = None

    # -- what became due

    def arrived(self, waiter: Waiter) -> None:
        """`waiter` has one thing less to wait for."""
        waiter.pending -= 1
        if not waiter.pending:
            self.ready(waiter)

    def ready(self, waiter: Waiter) -> None:
        """Everything that `waiter` waited for is there."""
        if waiter.__class__ is Wake:
            self.due.append(waiter.call)
            return
        cell: Cell = waiter  # type: ignore[assignment]
        cell.state = RUNNING
        spec = cell.spec
        if spec.asynchronous:
            self.inflight += 1
            self.run.engine.loop.submit(self.run.bodies.work_async(cell))
        elif spec.lane == "io":
            self.submit(lambda: self.run.bodies.work(cell))
        else:
            self.device.append(cell)

    def root_done(self) -> None:
        """One root less to wait for."""
        self.open -= 1

    def pump(self) -> None:
        """Make the calls that became due; they may make others due."""
        due = self.due
        while due:
            due.popleft()()

    def wake(self) -> None:
        """Let the device lane look again at what there is to do."""
        if self._idle:
            self._changed.notify_all()

    def go_on(self) -> None:
        """Make the calls that became due, and let the device lane look at what came of them."""
        if self.due:
            self.pump()
        if self._idle:
            self._changed.notify_all()

    # -- other lanes

    def submit(self, call: Callable[[], None]) -> None:
        """Run a call on an io thread."""

        def counted() -> None:
            if self.ending is None:
                call()
            self.landed()

        self.inflight += 1
        self.run.engine.threads.submit(counted)

    def landed(self) -> None:
        """Something that went on in another lane is over."""
        with self.turn:
            self.inflight -= 1
            self.wake()

    # -- the device lane

    def drive(self) -> None:
        """The device lane: take what is ready, last in first out, until every root is done."""
        work = self.run.bodies.work
        while True:
            with self.turn:
                task = self._next()
            if task is None:
                return
            if task.__class__ is Cell:
                work(task)
            else:
                task()  # type: ignore[operator]

    def _next(self) -> Cell | Callable[[], None] | None:
        while self.ending is None:
            if self.device:
                return self.device.pop()
            if self.due:
                self.pump()
            elif self.open == 0 and self.inflight == 0:
                return None
            elif self.inflight == self.awaiting and self.run.flow.pace.unpark():
                continue
            elif self.inflight == 0:
                raise RuntimeError("the run waits for something that nothing makes")
            else:
                self._sleep(None)
        until = monotonic() + GRACE
        while self.inflight and (left := until - monotonic()) > 0:
            self._sleep(left)
        return None

    def _sleep(self, seconds: float | None) -> None:
        self._idle = True
        self._changed.wait(seconds)
        self._idle = False

    # -- endings

    def end(self, how: str, error: SafelightError) -> bool:
        """End the run before its roots are done; False if it is at its end already."""
        first = self.ending is None
        if first:
            self.ending = how
            self.error = error
        return first

    def cancel(self) -> None:
        """May be called by any thread, also by a signal handler in one that holds the lock."""
        self.end("cancelled", Cancelled())
        self.stop()

    def stop(self) -> None:
        """Let every lane see that the run is at its end."""
        self.run.engine.loop.cancel()
        with self.turn:
            self.wake()
