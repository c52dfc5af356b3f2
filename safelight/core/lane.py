"""Lanes: where bodies run beside the device lane, which is the thread that called `run`.

`io` bodies run on a few threads, `async def` bodies on one event loop. Both start when first needed. Their
threads are daemons: a body that ignores cancelling must not keep the process alive.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

IO_THREADS = 4


class Threads:
    """A few threads that take calls from one queue."""

    def __init__(self, count: int = IO_THREADS) -> None:
        self._count = count
        self._started = 0
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def submit(self, call: Callable[[], None]) -> None:
        """Run `call`, which must not raise, on one of the threads."""
        if self._started < self._count:
            self._started += 1
            Thread(target=self._work, name=f"safelight-io-{self._started}", daemon=True).start()
        self._calls.put(call)

    def close(self) -> None:
        """Let the threads end when they are done."""
        for _ in range(self._started):
            self._calls.put(None)
        self._started = 0

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


class Loop:
    """An event loop on a thread of its own."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine, which must not raise, on the loop."""
        if self.loop is None:
            import asyncio  # most runs need no loop, and it takes a tenth of a quick command's time

            self.loop = asyncio.new_event_loop()
            Thread(target=_turn, args=(self.loop,), name="safelight-loop", daemon=True).start()
        self.loop.call_soon_threadsafe(self._start, work)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        assert self.loop is not None
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel(self) -> None:
        """Cancel what runs on the loop."""
        if self.loop is not None:
            self.loop.call_soon_threadsafe(lambda: [task.cancel() for task in self._tasks])

    def close(self) -> None:
        """End the loop and its thread."""
        loop, self.loop = self.loop, None
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()
