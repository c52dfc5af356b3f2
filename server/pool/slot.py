"""Slot: a place for one worker process, and how much is put up with there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from safelight.message import Answer
from safelight.setting import Settings
from server.pool.child import Child
from server.pool.protocol import WorkerInfo

GIB = 2**30
FIRST_DELAY, LONGEST_DELAY = 0.1, 30.0
"""Seconds before a worker that ended is started again: at first, and after many failures."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a worker is given up, in seconds and bytes."""

    silence: float = 30.0
    """Without a sign of life."""
    starting: float = 120.0
    """From the start to the first sign of life."""
    grace: float = 10.0
    """For a job to end that was cancelled."""
    memory: int | None = None
    """What a worker may have between two jobs; None for its share of nearly all memory."""

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that a person chose."""
        memory = settings.worker_memory_gib
        return cls(grace=settings.cancel_seconds, memory=None if memory is None else int(memory * GIB))


@dataclass(eq=False)
class Slot:
    """A place for a worker: its present life, and what it reported."""

    info: WorkerInfo
    device: str = ""
    child: Child | None = None
    task: asyncio.Task[None] | None = None
    grace: asyncio.TimerHandle | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    asked: dict[int, asyncio.Future[Answer]] = field(default_factory=dict)

    def change(self, **fields: Any) -> None:
        """Take note of what is different."""
        self.info = replace(self.info, **fields)
