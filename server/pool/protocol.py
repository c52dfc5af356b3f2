"""Pool: what the server asks of those who run jobs. Local processes are one kind; others may follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from safelight.message import Report, Run


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A worker as it is now. `state` is `starting`, `idle`, `busy`, `stopping` or `dead`."""

    name: str
    state: str
    pid: int | None = None
    device: str = ""
    python: str = ""
    torch: str = ""
    memory: int = 0
    devices: tuple[dict[str, Any], ...] = ()
    rss: int = 0
    holds: frozenset[str] = frozenset()
    """Model files whose weights it has, as prompts name them."""
    job: str | None = None
    starts: int = 0
    trouble: str = ""
    """Why it was last lost, or cannot be started."""
    stats: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lost:
    """A worker is gone, and with it the attempt at a job; the last lines of its log say more."""

    reason: str
    job: str | None = None
    log: tuple[str, ...] = ()


Notice: TypeAlias = Report | Lost
Hear: TypeAlias = Callable[[str, Notice], None]
"""Told a worker's name and what it reports, on the event loop; must return at once."""


class WorkerGone(Exception):
    """The worker that was spoken to is not there, or not any more."""


class Pool(Protocol):
    """Workers by name. All of it is called on the event loop."""

    hear: Hear

    async def start(self) -> None:
        """Start the workers; returns before they are ready."""

    async def submit(self, worker: str, run: Run) -> None:
        """Give an idle worker a job. WorkerGone if it cannot take it; nothing was begun then."""

    async def cancel(self, job: str) -> bool:
        """Ask the worker that has a job to end it; one that does not is replaced. False if none has it."""

    async def free(self, models: bool, memory: bool) -> None:
        """Have every worker let go of models, or of results in memory, when it is idle."""

    async def ask(self, question: str, payload: Any = None, *, patience: float = 30.0) -> Any:
        """Put a question to any worker, waiting for one if need be.

        SafelightError if there is no answer within `patience` seconds.
        """

    def workers(self) -> list[WorkerInfo]:
        """All workers as they are now."""

    async def close(self) -> None:
        """End the workers: politely, then by force."""
