"""Store: jobs in SQLite. Each method is one transaction, on disk before it returns."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

from server.job import order, row
from server.job.lock import Lock
from server.job.reader import Reader
from server.job.record import DuplicateJob, Ending, Job, NewJob, State, StoreFull

KEEP = 10_000
"""How many jobs that ended are kept, unless a setting says otherwise."""
TRIM_EVERY = 64
"""Jobs that end between two looks at whether there are too many."""
PUT_BACK_MAX = 24 * 3600 * 1000
"""Milliseconds by which a clock is put back when it is set; by more if it had been wrong before."""
FULL: Final = frozenset({"SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN"})


def clock() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class JobStore(Reader):
    """The jobs of one data folder, to be looked at and changed. For one thread at a time."""

    def __init__(self, path: Path, *, keep: int = KEEP, now: Callable[[], int] = clock) -> None:
        """Open or make a store; StoreBusy if another process has it, SafelightError if it cannot be read."""
        self.keep = keep
        self._now = now
        self._ended = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock(path.with_name(f"{path.name}.lock"))
        try:
            super().__init__(path)
        except BaseException:
            self._lock.close()
            raise

    def close(self) -> None:
        """Close the file, and let another server have it."""
        super().close()
        self._lock.close()

    # -- accepting and taking up

    def together(self, changes: Sequence[Callable[[JobStore], T]]) -> list[T | Exception]:
        """Make several changes in one transaction, which costs hardly more than one.

        What goes wrong with one of them is its answer, and undoes that one alone; StoreFull undoes all.
        """
        with self._writing():
            return [self._try(change) for change in changes]

    def _try(self, change: Callable[[JobStore], T]) -> T | Exception:
        try:
            return change(self)
        except StoreFull:
            raise
        except Exception as error:
            if not self._connection.in_transaction:
                raise  # it took all changes with it
            return error

    def accept(self, new: NewJob) -> Job:
        """Keep a job; StoreFull if that is not possible, DuplicateJob if another has its id."""
        with self._writing() as connection:
            old = self.get(new.id)
            if old is None:
                return self._job(row.insert(connection, new, self._now()))
            if (old.prompt, old.client_id) != (new.prompt, new.client_id):
                problem = f"the id {new.id} is another job's"
                raise DuplicateJob(problem, remedy="Choose another prompt_id, or send none.")
            return old

    def take(self, worker: str, holds: frozenset[str] = frozenset()) -> Job | None:
        """Begin an attempt of the job that is next, if any waits and the queue is not paused.

        A worker that `holds` models may be given a later job that needs no others; each job is passed over
        only a few times.
        """
        if self.paused:
            return None
        with self._writing() as connection:
            seq = order.next_seq(connection, holds)
            if seq is None:
                return None
            connection.execute(
                """UPDATE job SET state = 'running', attempt = attempt + 1, worker = ?,
                started = CASE WHEN attempt THEN started ELSE ? END WHERE seq = ?""",
                (worker, self._now(), seq),
            )
            job = self._job(seq)
            order.take_turn(connection, job.party)
        return job

    # -- running and ending

    def note(self, id: str, marker: str) -> None:
        """Keep how far a running job has come: any text that differs from the one before means progress."""
        with self._writing() as connection:
            connection.execute("UPDATE job SET marker = ? WHERE id = ? AND state = 'running'", (marker, id))

    def requeue(self, id: str, *, died: bool) -> Job | None:
        """Put a running job back at its place; None if it does not run (any more).

        If its worker died, `deaths` of the returned job says how often that happened without progress.
        """
        with self._writing() as connection:
            if died:
                connection.execute(
                    """UPDATE job SET deaths = CASE WHEN death_marker IS marker THEN deaths + 1 ELSE 1 END,
                    death_marker = marker WHERE id = ? AND state = 'running'""",
                    (id,),
                )
            return self._put_back(connection, id)

    def _put_back(self, connection: sqlite3.Connection, id: str) -> Job | None:
        changed = connection.execute(
            "UPDATE job SET state = 'queued', worker = NULL WHERE id = ? AND state = 'running'", (id,)
        )
        return self.get(id) if changed.rowcount else None

    def finish(self, id: str, ending: Ending) -> bool:
        """Keep how a job ended, if it has not ended already; tells whether this did it."""
        with self._writing() as connection:
            done = row.finish(connection, id, ending, self._moment_of_end())
        self._ended += done
        if done and self._ended % TRIM_EVERY == 0:
            self.trim()
        return done

    def cancel(self, id: str) -> State | None:
        """End a waiting job, and mark a running one as to be stopped; returns the state before.

        None if there is no such job. Who runs the running one must be told separately.
        """
        with self._writing() as connection:
            found = connection.execute("SELECT state FROM job WHERE id = ?", (id,)).fetchone()
            if found is None:
                return None
            state: State = found[0]
            if state == "queued":
                row.cancel(connection, id, self._moment_of_end())
            elif state == "running":
                connection.execute("UPDATE job SET stopping = 1 WHERE id = ?", (id,))
        return state

    def delete_pending(self, ids: Iterable[str] | None = None) -> list[str]:
        """Cancel waiting jobs, all of them or those with these ids; returns which were."""
        with self._writing() as connection:
            waiting = [found[0] for found in connection.execute("SELECT id FROM job WHERE state = 'queued'")]
            wanted = waiting if ids is None else list(set(ids).intersection(waiting))
            for id in wanted:
                row.cancel(connection, id, self._moment_of_end())
        return wanted

    def recover(self) -> list[Job]:
        """At the start: put jobs that ran when the last server ended back at their places; returns those.

        It is not held against them that the server ended. What was to be stopped is cancelled.
        """
        with self._writing() as connection:
            found = connection.execute(
                "SELECT id, stopping FROM job WHERE state = 'running' ORDER BY started"
            )
            running = found.fetchall()
            for id, stopping in running:
                if stopping:
                    row.cancel(connection, id, self._moment_of_end())
        self.trim()
        back = (self.requeue(id, died=False) for id, stopping in running if not stopping)
        return [job for job in back if job is not None]

    # -- the queue

    def pause(self) -> None:
        """Take no further job up; what runs goes on."""
        with self._writing() as connection:
            row.set_setting(connection, "paused", "1")

    def resume(self) -> None:
        """Take jobs up again."""
        with self._writing() as connection:
            row.set_setting(connection, "paused", "0")

    # -- the history

    def delete_history(self, ids: Iterable[str]) -> int:
        """Forget those of these jobs that ended; their files stay. Returns how many."""
        with self._writing() as connection:
            return sum(
                connection.execute("DELETE FROM job WHERE ended IS NOT NULL AND id = ?", (id,)).rowcount
                for id in ids
            )

    def last_end(self) -> int:
        """When the job ended that ended last."""
        found = self._connection.execute("SELECT max(ended) FROM job WHERE ended IS NOT NULL").fetchone()
        return int(found[0] or 0)

    def _moment_of_end(self) -> int:
        """Now; where the clock was put back, not before the last end, so that the history keeps its order."""
        now, last = self._now(), self.last_end()
        return last if now < last < now + PUT_BACK_MAX else now

    def clear_history(self, until: int, limit: int = -1) -> int:
        """Forget jobs that ended `until` then, at most so many; their files stay. Returns how many."""
        with self._writing() as connection:
            return connection.execute(
                """DELETE FROM job WHERE seq IN (SELECT seq FROM job WHERE ended IS NOT NULL AND ended <= ?
                LIMIT ?)""",
                (until, limit),
            ).rowcount

    def trim(self) -> None:
        """Forget the jobs that ended longest ago, beyond those that are kept; their files stay."""
        with self._writing() as connection:
            connection.execute(
                """DELETE FROM job WHERE seq IN (SELECT seq FROM job WHERE ended IS NOT NULL
                ORDER BY ended DESC, seq DESC LIMIT -1 OFFSET ?)""",
                (self.keep,),
            )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, on disk when the block is left, undone if that fails. It can hold others."""
        connection = self._connection
        begin, end, undo = _INNER if connection.in_transaction else _OUTER
        try:
            connection.execute(begin)
            yield connection
            connection.execute(end)
        except BaseException as error:
            if connection.in_transaction:
                with suppress(sqlite3.Error):  # what went wrong first is what is told
                    for statement in undo:
                        connection.execute(statement)
            if _is_full(error):
                problem = f"the job store {self.path} cannot be written ({error})"
                raise StoreFull(problem, remedy="Free some space on the disk, then try again.") from error
            raise


_OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_INNER = ("SAVEPOINT change", "RELEASE change", ("ROLLBACK TO change", "RELEASE change"))
T = TypeVar("T")


def _is_full(error: BaseException) -> bool:
    name = getattr(error, "sqlite_errorname", "") if isinstance(error, sqlite3.Error) else ""
    return any(name.startswith(full) for full in FULL)
