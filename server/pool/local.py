"""LocalPool: workers that are processes of this machine, started, watched and started again."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from safelight.core.error import SafelightError
from safelight.message import (
    Answer,
    Ask,
    Beat,
    Cancel,
    Ended,
    Free,
    Happened,
    Message,
    Packs,
    Ready,
    Run,
    Said,
    Stop,
    Warmed,
)
from server.pool.child import Child, environment
from server.pool.protocol import Hear, Lost, WorkerGone, WorkerInfo
from server.pool.slot import FIRST_DELAY, GIB, LONGEST_DELAY, Limits, Slot

logger = logging.getLogger("safelight.server")
TICK = 0.5
STABLE = 10.0
"""Seconds after which a worker counts as one that works."""
FAREWELL = 5.0
"""Seconds that workers get to write what is left."""
GROWN = 0.9
"""The part of all memory that workers may have between jobs, unless a setting says otherwise."""


class LocalPool:
    """A pool of processes. `workers` is how many; 0 for one on each CUDA device, or one on the CPU."""

    def __init__(
        self,
        data: Path,
        workers: int = 0,
        *,
        limits: Limits | None = None,
        options: Sequence[str] = (),
        python: str = sys.executable,
    ) -> None:
        """`options` are further words for the workers' command line."""
        self.hear: Hear = lambda _name, _notice: None
        self.limits = limits or Limits()
        self._command = [python, "-m", "safelight.worker", "--data", str(data), *options]
        self._wanted = workers
        self._slots: dict[str, Slot] = {}
        self._numbers = itertools.count(1)
        self._ready = asyncio.Event()
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    # -- the pool

    async def start(self) -> None:
        """Start the first worker; the others follow when it has told which devices there are."""
        self._add("")
        self._spawn(self._watch())

    def workers(self) -> list[WorkerInfo]:
        """All workers as they are now."""
        return [slot.info for slot in self._slots.values()]

    async def submit(self, worker: str, run: Run) -> None:
        """Give an idle worker a job. WorkerGone if it cannot take it."""
        slot = self._slots.get(worker)
        if slot is None or slot.child is None or slot.info.state != "idle":
            raise WorkerGone(worker)
        slot.change(state="busy", job=run.job)
        try:
            await slot.child.send(run)
        except WorkerGone:
            slot.change(job=None)  # what remains of it is found by whoever watches it
            slot.child.end("it takes no orders")
            raise

    async def cancel(self, job: str) -> bool:
        """Ask for the end of a job; a worker that does not heed it in time is replaced."""
        for slot in self._slots.values():
            if slot.info.job == job and slot.child is not None:
                if slot.grace is None:
                    loop = asyncio.get_running_loop()
                    slot.grace = loop.call_later(self.limits.grace, self._lose_patience, slot, job)
                with contextlib.suppress(WorkerGone):
                    await slot.child.send(Cancel(job))
                return True
        return False

    async def free(self, models: bool, memory: bool) -> None:
        """Have every worker let go of models, or of results in memory, when it is idle."""
        for slot in self._slots.values():
            if slot.child is not None and slot.info.state in ("idle", "busy"):
                with contextlib.suppress(WorkerGone):
                    await slot.child.send(Free(models, memory))

    async def ask(self, question: str, payload: Any = None, *, patience: float = 30.0) -> Any:
        """Put a question to any worker."""
        try:
            async with asyncio.timeout(patience):
                answer = await self._answer(question, payload)
        except TimeoutError:
            trouble = next((slot.info.trouble for slot in self._slots.values() if slot.info.trouble), "")
            problem = f"no worker answered within {patience:g} s" + (f": {trouble}" if trouble else "")
            raise SafelightError(problem, remedy="See the log for what the workers do.") from None
        if answer.error is not None:
            raise SafelightError(
                str(answer.error.get("problem")), remedy=str(answer.error.get("remedy") or "")
            )
        return answer.value

    async def close(self) -> None:
        """End the workers: politely, then by force."""
        self._closing = True
        await asyncio.gather(*map(self._end, self._slots.values()))
        for task in [*self._tasks, *(slot.task for slot in self._slots.values() if slot.task is not None)]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    # -- one worker

    def _add(self, device: str) -> None:
        name = f"worker-{len(self._slots) + 1}"
        slot = self._slots[name] = Slot(WorkerInfo(name, "starting"), device)
        slot.task = asyncio.create_task(self._keep(slot))

    async def _keep(self, slot: Slot) -> None:
        """Have a worker run: when it ends, start it again, the later the more often it failed."""
        while not self._closing:
            slot.started = monotonic()
            slot.child = child = Child(slot.info.name, lambda report: self._heard(slot, report))
            slot.change(state="starting", job=None, pid=None, starts=slot.info.starts + 1)
            reason = await child.live(self._words(slot), environment())
            stable = monotonic() - slot.started > STABLE
            slot.delay = FIRST_DELAY if stable else slot.delay
            self._lost(slot, child, reason)
            if not self._closing:
                await asyncio.sleep(slot.delay)
            slot.delay = min(slot.delay * 2, LONGEST_DELAY)

    def _words(self, slot: Slot) -> list[str]:
        share = ["--share", str(self._share())]
        return [*self._command, *share, *(["--device", slot.device] if slot.device else [])]

    def _share(self) -> int:
        return max(self._wanted, len(self._slots), 1)

    def _lost(self, slot: Slot, child: Child, reason: str) -> None:
        job = slot.info.job
        if slot.grace is not None:
            slot.grace.cancel()
            slot.grace = None
        slot.child = None
        slot.change(state="dead", job=None, pid=None, rss=0, holds=frozenset(), trouble=reason)
        asked, slot.asked = slot.asked, {}
        for future in asked.values():
            if not future.done():
                future.set_exception(WorkerGone(slot.info.name))
        if not self._closing:
            logger.warning("%s is lost: %s", slot.info.name, reason)
            self.hear(slot.info.name, Lost(reason, job, child.tail.last()))

    async def _end(self, slot: Slot) -> None:
        child = slot.child
        if child is None:
            return
        slot.change(state="stopping")
        with contextlib.suppress(WorkerGone):
            await child.send(Stop())
        child.reason = child.reason or slot.info.trouble
        if not await child.gone(FAREWELL):
            child.end("the server ends")
            await child.gone(FAREWELL)

    # -- what workers report

    def _heard(self, slot: Slot, report: Message) -> None:
        match report:
            case Ready():
                self._begin(slot, report)
            case Warmed():
                slot.change(torch=report.torch, devices=tuple(report.devices))
                if slot.info.device != "cpu":
                    self._complete(sum(one["type"] == "cuda" for one in report.devices))
            case Beat():
                slot.change(rss=report.rss, holds=frozenset(report.holds), stats=report.stats)
                self._restart_if_grown(slot)
            case Ended():
                self._ended(slot, report)
            case Answer():
                future = slot.asked.pop(report.id, None)
                if future is not None and not future.done():
                    future.set_result(report)
        if isinstance(report, (Ready, Warmed, Beat, Happened, Ended, Said, Packs)):
            self.hear(slot.info.name, report)

    def _begin(self, slot: Slot, ready: Ready) -> None:
        slot.change(
            state="idle",
            pid=ready.pid,
            device=ready.device,
            python=ready.python,
            memory=ready.memory,
            trouble="",
        )
        self._ready.set()
        if ready.device == "cpu":
            self._complete(0)

    def _complete(self, cards: int) -> None:
        """Start the other workers, now that it is known how many CUDA devices there are."""
        wanted = self._wanted or max(cards, 1)
        while len(self._slots) < wanted and not self._closing:
            self._add(f"cuda:{len(self._slots) % cards}" if cards else "")

    def _ended(self, slot: Slot, ended: Ended) -> None:
        if slot.grace is not None:
            slot.grace.cancel()
            slot.grace = None
        if slot.info.job == ended.job:
            slot.change(state="idle", job=None)
            slot.delay = FIRST_DELAY
            self._restart_if_grown(slot)

    def _restart_if_grown(self, slot: Slot) -> None:
        info = slot.info
        bound = self.limits.memory or int(info.memory * GROWN / self._share())
        if info.state == "idle" and slot.child is not None and info.rss > bound > 0:
            size, most = info.rss / GIB, bound / GIB
            slot.change(state="stopping", trouble=f"it had grown to {size:.2f} GiB, of {most:.2f} GiB")
            self._spawn(self._end(slot))

    # -- watching

    async def _watch(self) -> None:
        """Give up workers that are not heard of; if it was this process that was held up, not yet."""
        before = monotonic()
        while True:
            await asyncio.sleep(TICK)
            now = monotonic()
            if now - before < 3 * TICK:
                for slot in self._slots.values():
                    self._look_after(slot, now)
            before = now

    def _look_after(self, slot: Slot, now: float) -> None:
        child = slot.child
        if child is None or child.reason:
            return
        bound = self.limits.starting if slot.info.state == "starting" else self.limits.silence
        if now - child.heard > bound:
            self._spawn(child.end_stuck(f"it gave no sign of life for {bound:g} s"))

    def _lose_patience(self, slot: Slot, job: str) -> None:
        if slot.info.job == job and slot.child is not None:
            grace = self.limits.grace
            self._spawn(slot.child.end_stuck(f"it did not end a cancelled job within {grace:g} s"))

    async def _answer(self, question: str, payload: Any) -> Answer:
        while True:
            await self._ready.wait()
            able = [
                slot for slot in self._slots.values() if slot.info.state in ("idle", "busy") and slot.child
            ]
            for slot in sorted(able, key=lambda slot: slot.info.state != "idle"):
                number = next(self._numbers)
                future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
                slot.asked[number] = future
                with contextlib.suppress(WorkerGone):
                    assert slot.child is not None
                    await slot.child.send(Ask(number, question, payload))
                    return await future
            await asyncio.sleep(TICK)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
