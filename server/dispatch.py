"""Dispatch: gives waiting jobs to idle workers, and sees each job through to an end that is kept.

An attempt is on disk before it is begun, an end before anybody is told. A job whose worker is lost goes back
to its place in the queue; one that loses two without coming on in between is failed, and the queue goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from safelight.core.error import SafelightError
from safelight.core.journal import folder_of, forget
from safelight.message import Ended, Happened, Ready, event_of
from server.attempt import DEATHS, Attempt
from server.ends import RETRY, UNKEPT, Ends, Told, persisting
from server.headway import Headway
from server.job.face import Jobs
from server.job.record import Job, State, Summary
from server.pool.protocol import Lost, Notice, Pool, WorkerGone

logger = logging.getLogger("safelight.server")
PATIENCE = 0.8
"""Seconds that a worker gets to end a cancelled job before it is told as cancelled all the same."""
LARGE = 2**16
"""Characters of a prompt from which on it is read beside the loop."""
FAREWELL = 2.0
"""Seconds to keep ends that were just reported, when the server ends."""


class Dispatch:
    """The one who gives out work. `start` it when the pool and the jobs are there."""

    def __init__(
        self, data: Path, jobs: Jobs, pool: Pool, told: Told, pack_of: Callable[[str], str] = lambda _type: ""
    ) -> None:
        """`pack_of` tells which pack has a node type; nothing for those that are built in."""
        self._data, self._jobs, self._pool, self._told = data, jobs, pool, told
        self._ends = Ends(data, jobs, told, pack_of)
        self._attempts: dict[str, Attempt] = {}
        """By worker."""
        self._headways: dict[str, Headway] = {}
        """Of jobs that lost a worker and wait."""
        self._called_off: set[str] = set()
        """Jobs that were cancelled while they were on their way to a worker."""
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._giving: asyncio.Task[Any] | None = None
        self._closing = False

    async def start(self) -> None:
        """Put back what a former server left, and give out work from now on."""
        self._pool.hear = self._hear
        left = list((self._data / "cache" / "jobs").glob("*"))
        await persisting(self._jobs.recover, "jobs cannot be taken up again")
        _, waiting = await self._jobs.queue()
        wanted = {folder_of(self._data, job.id) for job in waiting}
        for folder in left:
            if folder not in wanted:
                await asyncio.to_thread(forget, folder)
        self._jobs.listen(self._wake.set)
        self._wake.set()
        self._giving = self._spawn(self._give_out())

    async def close(self) -> None:
        """Give out no more. Jobs that run are taken up again by the next server."""
        self._closing = True
        if self._giving is not None:
            self._giving.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FAREWELL)
        for task in list(self._tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def running(self) -> list[str]:
        """The ids of the jobs that workers have."""
        return [attempt.job.id for attempt in self._attempts.values() if not attempt.over]

    async def cancel(self, id: str) -> State | None:
        """End a job, whatever its state; returns the state before, None if there is no such job."""
        state = await self._jobs.cancel(id)
        if state == "queued" and (job := await self._jobs.get(id)) is not None:
            await self.recalled(job)
        attempt = next((one for one in self._attempts.values() if one.job.id == id), None)
        if attempt is not None and not attempt.over and not attempt.cancelled:
            attempt.cancelled = True
            self._spawn(self._call_off(attempt))
        elif attempt is None and state == "running":
            self._called_off.add(id)
        return state

    async def recalled(self, job: Summary) -> None:
        """A waiting job was cancelled: if it was begun before, tell of its end, and tidy up after it."""
        self._headways.pop(job.id, None)
        if job.attempt:
            await asyncio.to_thread(forget, folder_of(self._data, job.id))
            self._told.recalled(job)

    # -- giving out

    async def _give_out(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                while await self._give_one():
                    pass
            except UNKEPT as error:
                logger.warning("no job can be taken up: %s", error)
                asyncio.get_running_loop().call_later(RETRY, self._wake.set)
            except Exception:
                logger.exception("a job cannot be given out")
                asyncio.get_running_loop().call_later(RETRY, self._wake.set)

    async def _give_one(self) -> bool:
        """Give one job to the worker that suits it best; False if there is none, or nobody is idle."""
        workers = self._pool.workers()
        idle = [one for one in workers if one.state == "idle" and one.name not in self._attempts]
        if not idle:
            return False
        if len(idle) > 1:
            waiting = await self._jobs.peek()
            models = frozenset(waiting.models) if waiting is not None else frozenset()
            idle.sort(key=lambda one: len(one.holds & models), reverse=True)
        async with self._turn:
            # a worker alone takes jobs strictly in their order, whatever models it has
            holds = idle[0].holds if len(workers) > 1 else frozenset()
            job = await self._jobs.take(idle[0].name, holds)
        if job is None:
            return False
        await self._begin(job, idle[0].name)
        return True

    async def _begin(self, job: Job, worker: str) -> None:
        attempt = Attempt(job, worker, headway=self._headways.pop(job.id, Headway()))
        self._attempts[worker] = attempt
        self._told.started(job)
        try:
            order = await asyncio.to_thread(attempt.order) if len(job.prompt) > LARGE else attempt.order()
            await self._pool.submit(worker, order)
        except WorkerGone:
            self._attempts.pop(worker, None)
            if self._drop(attempt):
                self._spawn(self._put_back(attempt, None))
        except SafelightError as error:
            self._attempts.pop(worker, None)
            self._end(attempt, Ended(job.id, job.attempt, "failed", error=error.as_dict()))
        else:
            if attempt.cancelled or job.id in self._called_off:
                self._called_off.discard(job.id)
                await self.cancel(job.id)
                await self._pool.cancel(job.id)

    # -- what workers tell

    def _hear(self, worker: str, notice: Notice) -> None:
        if self._closing:
            return
        attempt = self._attempts.get(worker)
        match notice:
            case Happened():
                if attempt is not None and attempt.made(notice) and not attempt.over:
                    event = event_of(notice.event)
                    attempt.headway.note(event)
                    self._told.happened(attempt.job, event, notice.preview, notice.format)
            case Ended():
                if attempt is not None and attempt.made(notice):
                    self._end(attempt, notice)
                    self._attempts.pop(worker, None)
                self._wake.set()
            case Lost():
                if attempt is not None:
                    self._attempts.pop(worker, None)
                    self._lose(attempt, notice)
                self._wake.set()
            case Ready():
                self._wake.set()

    def _end(self, attempt: Attempt, ended: Ended) -> None:
        """Keep an end and tell of it; of one that was told already nothing more is said."""
        if self._drop(attempt):
            self._spawn(self._ends.keep(attempt, ended))
        else:
            self._spawn(asyncio.to_thread(forget, folder_of(self._data, attempt.job.id)))

    def _lose(self, attempt: Attempt, lost: Lost) -> None:
        if attempt.cancelled:
            self._end(attempt, attempt.cancelled_end())
        elif self._drop(attempt):
            self._spawn(self._put_back(attempt, lost))

    def _drop(self, attempt: Attempt) -> bool:
        """Take an attempt for over; False if it was already."""
        was, attempt.over = attempt.over, True
        return not was

    # -- ends

    async def _call_off(self, attempt: Attempt) -> None:
        """Cancel an attempt; if its worker does not heed it at once, tell its end all the same."""
        await self._pool.cancel(attempt.job.id)
        await asyncio.sleep(PATIENCE)
        if self._drop(attempt):
            await self._ends.keep(attempt, attempt.cancelled_end(), tidy=False)

    async def _put_back(self, attempt: Attempt, lost: Lost | None) -> None:
        """Have a job that lost its worker run again from where it was, unless it does not come on."""
        job = attempt.job
        async with self._turn:
            again = await self._ends.put_back(attempt, died=lost is not None)
            if lost is not None and again is not None and again.deaths >= DEATHS:
                await self._ends.keep(attempt, attempt.failed_end(lost))
                return
            self._headways[job.id] = attempt.headway
        self._told.dropped(job)
        if job.id in self._called_off or (again is not None and again.stopping):
            self._called_off.discard(job.id)
            await self.cancel(job.id)
        self._wake.set()

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("dispatch failed", exc_info=task.exception())
