"""Fetching: models on their way from the hub, each in a thread of its own that ends with the server."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock, Thread
from typing import Annotated, Literal

from safelight import hub
from safelight.core.error import SafelightError
from server.answer import Refused
from server.schema import Means

MOST = 4
"""At most so many at a time."""
KEPT = 20
"""So many that ended are remembered."""


@dataclass(frozen=True)
class FetchTold:
    """A model that is on its way, or came to an end."""

    id: int
    repository: str
    file: str
    state: Literal["running", "done", "failed"]
    done: Annotated[int, Means("Bytes of the file that is being fetched which are there.")] = 0
    total: Annotated[int, Means("Bytes that it will have; 0 while that is not known.")] = 0
    kind: Annotated[str, Means("The folder that it went to.")] = ""
    name: Annotated[str, Means("What it is called there.")] = ""
    problem: str = ""


@dataclass
class Fetching:
    """What is fetched; told and changed from any thread."""

    _fetches: dict[int, FetchTold] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def told(self) -> list[FetchTold]:
        """All of them, the newest first."""
        with self._lock:
            return list(reversed(self._fetches.values()))

    def begin(self, models: Path, repository: str, file: str, kind: str) -> FetchTold:
        """Fetch a file, or a whole repository. Refused while it is on its way, or too many are."""
        with self._lock:
            running = [one for one in self._fetches.values() if one.state == "running"]
            if any((one.repository, one.file) == (repository, file) for one in running):
                raise Refused(409, "fetching", "This is on its way already")
            if len(running) >= MOST:
                raise Refused(429, "fetching", f"{MOST} models are on their way", "Wait for one of them.")
            id = max(self._fetches, default=0) + 1
            made = self._fetches[id] = FetchTold(id, repository, file, "running")
            for old in [one.id for one in self._fetches.values() if one.state != "running"][:-KEPT]:
                del self._fetches[old]
        Thread(target=self._run, args=(made, models, kind), name=f"fetch-{id}", daemon=True).start()
        return made

    def _run(self, made: FetchTold, models: Path, kind: str) -> None:
        def progress(_file: str, done: int, total: int) -> None:
            self._put(replace(made, done=done, total=total))

        try:
            said, path = hub.fetch(
                made.repository, made.file or None, models, kind=kind or None, progress=progress
            )
        except SafelightError as error:
            problem = f"{error.problem}. {error.remedy}" if error.remedy else error.problem
            self._put(replace(made, state="failed", problem=problem))
        except Exception as error:  # noqa: BLE001 - whatever ends it, a person must learn of it
            self._put(replace(made, state="failed", problem=str(error) or type(error).__name__))
        else:
            self._put(replace(made, state="done", kind=said, name=path.name))

    def _put(self, one: FetchTold) -> None:
        with self._lock:
            self._fetches[one.id] = one
