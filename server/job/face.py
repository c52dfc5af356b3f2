"""Face: the store for a program that waits for nothing; one thread changes it, others look at it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from server.answer import dump
from server.job import row
from server.job.query import Query
from server.job.reader import Reader
from server.job.record import DuplicateJob, Ending, Job, NewJob, State, StoreClosed, Summary
from server.job.row import ResultText
from server.job.shelf import Shelf
from server.job.store import JobStore

T = TypeVar("T")
FEW = 200
"""Jobs that are forgotten at once, when all are to be."""
GLANCE = 1000
"""Waiting jobs up to which a look at all of them takes a moment."""
LOT = 8
"""Of those who wait for one transaction, how many go on at once: others get their turn in between."""
Listener = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Change:
    """Something to be changed, and who waits for it."""

    function: Callable[[JobStore], Any]
    answer: asyncio.Future[Any]
    silent: bool

    def settle(self, answer: Any) -> None:
        """Tell who waits; if that one has gone, the change is made all the same."""
        if self.answer.done():
            return
        if isinstance(answer, Exception):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)


class Jobs:
    """The methods of JobStore, to be awaited; changes that come together are one transaction."""

    def __init__(self, store: JobStore) -> None:
        self.store = store
        self._reader, self._searcher = Reader(store.path), Reader(store.path)
        self._glancer = Reader(store.path)
        """For looks that are over so soon that a thread for them would only have to be waited for."""
        self._waiting = 0
        """How many jobs were in the queue at the last look."""
        self._shelf = Shelf()
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="jobs")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="jobs-read")
        self._searching = ThreadPoolExecutor(1, thread_name_prefix="jobs-search")
        self._listeners: list[Listener] = []
        self._closed = False
        self._changes: list[Change] = []
        self._flushing: asyncio.Task[None] | None = None

    def listen(self, listener: Listener) -> None:
        """Call `listener`, on the loop, whenever jobs joined or left the queue or changed their state."""
        self._listeners.append(listener)

    async def call(self, function: Callable[[JobStore], T]) -> T:
        """What `function` makes of the store, in the thread that changes it."""
        self._check()
        return await asyncio.get_running_loop().run_in_executor(self._writing, function, self.store)

    async def look(self, function: Callable[[Reader], T]) -> T:
        """What `function` sees of the store, without waiting for changes that are under way."""
        self._check()
        return await asyncio.get_running_loop().run_in_executor(self._reading, function, self._reader)

    def _check(self) -> None:
        if self._closed:
            raise StoreClosed("the server is ending", remedy="Send it again when it has been started anew.")

    async def _change(self, function: Callable[[JobStore], T], *, silent: bool = False) -> T:
        """Have something changed: it is on disk when this returns. `silent`: nobody else is told."""
        change = Change(function, asyncio.get_running_loop().create_future(), silent)
        self._changes.append(change)
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        answer: T = await change.answer
        return answer

    async def _flush(self) -> None:
        """Make all changes that have come, until no more did meanwhile."""
        while self._changes:
            batch, self._changes = self._changes, []
            answers = await self._together(batch)
            for number, (change, answer) in enumerate(zip(batch, answers, strict=True), start=1):
                change.settle(answer)
                if number % LOT == 0:
                    await asyncio.sleep(0)
            if not all(change.silent for change in batch):
                self._tell()

    async def _together(self, batch: list[Change]) -> Sequence[Any]:
        try:
            return await self.call(lambda store: store.together([change.function for change in batch]))
        except Exception as error:  # noqa: BLE001 - each of those who wait is told
            return [error] * len(batch)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    async def accept(self, new: NewJob) -> Job:
        """Keep a job: it is on disk when this returns. Raises StoreFull or DuplicateJob."""
        job = await self._change(lambda store: store.accept(new))
        text = row.item(job.number, job.id, job.prompt, job.extra_data, job.created, dump(list(job.roots)))
        self._shelf.put(job.seq, text)
        return job

    async def take(self, worker: str, holds: frozenset[str] = frozenset()) -> Job | None:
        """Begin an attempt of the job that is next; None if none waits or the queue is paused."""
        job = await self._change(lambda store: store.take(worker, holds), silent=True)
        if job is not None:
            self._tell()
        return job

    async def peek(self) -> Summary | None:
        """The job that is next."""
        return await self.look(Reader.peek)

    async def note(self, id: str, marker: str) -> None:
        """Keep how far a running job has come."""
        await self._change(lambda store: store.note(id, marker), silent=True)

    async def requeue(self, id: str, *, died: bool) -> Job | None:
        """Put a running job back at its place; None if it does not run."""
        return await self._change(lambda store: store.requeue(id, died=died))

    async def finish(self, id: str, ending: Ending) -> bool:
        """Keep how a job ended; tells whether this did it. Raises StoreFull."""
        return await self._change(lambda store: store.finish(id, ending))

    async def cancel(self, id: str) -> State | None:
        """End a waiting job, mark a running one; returns the state before, None if there is no such job."""
        return await self._change(lambda store: store.cancel(id))

    async def delete_pending(self, ids: Iterable[str] | None = None) -> list[str]:
        """Cancel waiting jobs, all or some; returns which were."""
        return await self._change(lambda store: store.delete_pending(ids))

    async def recover(self) -> list[Job]:
        """At the start: put jobs that ran when the last server ended back at their places."""
        return await self._change(JobStore.recover)

    async def is_paused(self) -> bool:
        """Whether no job is taken up."""
        return await self.look(lambda store: store.paused)

    async def pause(self) -> None:
        """Take no further job up."""
        await self._change(JobStore.pause)

    async def resume(self) -> None:
        """Take jobs up again."""
        await self._change(JobStore.resume)

    async def queue(self) -> tuple[list[Summary], list[Summary]]:
        """The jobs that run, and those that wait, in order."""
        return await self.look(Reader.queue)

    async def count(self) -> int:
        """How many jobs wait or run."""
        self._check()
        return self._glancer.count()

    async def get(self, id: str) -> Job | None:
        """The job with this id."""
        return await self.look(lambda store: store.get(id))

    async def places(self) -> tuple[list[int], list[int]]:
        """The `seq` of the jobs that run, and of those that wait, in order."""
        self._check()
        running, waiting = (
            self._glancer.places() if self._waiting <= GLANCE else await self.look(Reader.places)
        )
        self._waiting = len(waiting)
        return running, waiting

    async def items(self, seqs: Sequence[int]) -> dict[int, str | None]:
        """Jobs as entries of the queue, in JSON; of the first only, if all would be too much."""
        texts: dict[int, str | None] = {}
        missing = []
        for seq in seqs:
            text = texts[seq] = self._shelf.get(seq)
            if text is None:
                missing.append(seq)
        if not missing:
            return texts
        found = await self.look(lambda store: store.items(missing))
        for seq, text in found.items():
            if text is not None:
                self._shelf.put(seq, text)
        first = next((seq for seq in missing if seq not in found), None)  # there was too much for one answer
        return dict(itertools.takewhile(lambda item: item[0] != first, (texts | found).items()))

    async def results(self, seqs: Sequence[int]) -> dict[int, ResultText]:
        """What the history keeps of jobs that ended."""
        return await self.look(lambda store: store.results(seqs))

    async def find(self, query: Query) -> tuple[list[Summary], int]:
        """A page of the jobs that a query asks for, and how many there are in all."""
        self._check()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._searching, self._searcher.find, query)

    async def delete_history(self, ids: Iterable[str]) -> int:
        """Forget those of these jobs that ended; their files stay."""
        return await self._change(lambda store: store.delete_history(ids))

    async def clear_history(self) -> None:
        """Forget all jobs that have ended by now; their files stay. Others are served in between."""
        until = await self.call(JobStore.last_end)
        while await self._change(lambda store: store.clear_history(until, FEW)):
            pass

    async def close(self) -> None:
        """Finish what was begun and close the file."""
        self._closed = True
        self._glancer.close()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._searching, self._searcher.close)
        await loop.run_in_executor(self._reading, self._reader.close)
        await loop.run_in_executor(self._writing, self.store.close)
        for thread in (self._searching, self._reading, self._writing):
            thread.shutdown(wait=False)


__all__ = ["DuplicateJob", "Jobs", "Listener"]
