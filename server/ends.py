"""Ends: keeps how attempts at jobs end, however long the disk is full, and tells of it when it is kept."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol, TypeVar

from safelight.core.event import Event
from safelight.core.journal import folder_of, forget
from safelight.message import Ended
from server.attempt import Attempt
from server.job.face import Jobs
from server.job.record import Ending, Job, StoreFull, Summary

T = TypeVar("T")
logger = logging.getLogger("safelight.server")
UNKEPT = (StoreFull, sqlite3.Error)
"""What the store raises when it cannot keep something; it is tried again until it can."""
RETRY = 1.0
"""Seconds between two tries to write to a full disk."""


class Told(Protocol):
    """Whoever tells clients what happens in jobs."""

    def started(self, job: Job) -> None:
        """An attempt begins."""

    def happened(self, job: Job, event: Event, preview: bytes = b"", format: str = "jpeg") -> None:
        """Something happened in it."""

    def ended(self, job: Job, ended: Ended) -> Ending:
        """It ended: what is to be kept of it. Nobody is told yet."""

    def settled(self, job: Job) -> None:
        """The end is kept: now it may be told."""

    def dropped(self, job: Job) -> None:
        """The attempt is over without an end."""

    def recalled(self, job: Summary) -> None:
        """It was cancelled before another attempt began."""


class Ends:
    """Keeps ends, and puts back what has none."""

    def __init__(self, data: Path, jobs: Jobs, told: Told, pack_of: Callable[[str], str]) -> None:
        """`pack_of` tells which pack has a node type; nothing for those that are built in."""
        self._data, self._jobs, self._told, self._pack_of = data, jobs, told, pack_of

    async def keep(self, attempt: Attempt, ended: Ended, *, tidy: bool = True) -> None:
        """Keep an end, and tell it then.

        The files of a job whose worker is still at it are tidied up when that ends.
        """
        job = attempt.job
        self._name_pack(ended)
        ending = self._told.ended(job, ended)
        await persisting(lambda: self._jobs.finish(job.id, ending), f"the end of job {job.id} cannot be kept")
        self._told.settled(job)
        logger.info("%s", attempt.line(ending))
        if tidy:
            await asyncio.to_thread(forget, folder_of(self._data, job.id))

    async def put_back(self, attempt: Attempt, *, died: bool) -> Job | None:
        """Put a job back to its place in the queue; the job as it is then."""
        return await persisting(
            lambda: self._requeue(attempt, died=died), f"job {attempt.job.id} cannot be put back"
        )

    async def _requeue(self, attempt: Attempt, *, died: bool) -> Job | None:
        if died:
            await self._jobs.note(attempt.job.id, attempt.headway.marker)
        return await self._jobs.requeue(attempt.job.id, died=died)

    def _name_pack(self, ended: Ended) -> None:
        """Say with an error of which pack the node is: that is who can mend it."""
        error = ended.error
        pack = self._pack_of(str(error.get("type"))) if error is not None else ""
        if error is not None and pack:
            error["pack"] = pack
            error["text"] = f"{error.get('text') or ended.status} (The node is of the pack '{pack}'.)"


async def persisting(write: Callable[[], Awaitable[T]], problem: str) -> T:
    """What a write to the store gives, tried until it can be kept; why it is not yet is logged."""
    while True:
        try:
            return await write()
        except UNKEPT as error:
            logger.warning("%s yet: %s", problem, error)
            await asyncio.sleep(RETRY)
