"""Reader: looks at the jobs in the store. One that only reads never waits for one that writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from safelight.core.error import SafelightError
from server.job import order, row
from server.job.query import Query
from server.job.record import Job, Summary
from server.job.schema import migrate

_WHOLE = "SELECT job.*, prompt, graph, extra_data FROM job JOIN body USING (seq)"

_ROWS = "SELECT json_group_array(json_array({})) FROM job WHERE state = '{}'"


class Reader:
    """The jobs of a store, as they are on disk. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open a store that is there; SafelightError if it cannot be read."""
        self.path = path
        self._connection = _connect(path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def peek(self) -> Summary | None:
        """The job that is next, also while the queue is paused."""
        with self._moment() as connection:
            seq = order.next_seq(connection)
            return None if seq is None else self._job(seq)

    @property
    def paused(self) -> bool:
        """Whether no job is taken up."""
        return row.setting(self._connection, "paused") == "1"

    def queue(self) -> tuple[list[Summary], list[Summary]]:
        """The jobs that run, and those that wait in the order in which they will be taken."""
        with self._moment() as connection:
            found = connection.execute("SELECT * FROM job WHERE state IN ('running', 'queued') ORDER BY seq")
            jobs = [row.summary(one) for one in found]
            served = self._served()
        waiting = order.planned((job for job in jobs if job.state == "queued"), served)
        return [job for job in jobs if job.state == "running"], waiting

    def places(self) -> tuple[list[int], list[int]]:
        """The same as their `seq` alone, which is much quicker.

        Each answer is one row: between two rows, other threads would have their turn.
        """
        columns = "seq, number, placed, party, attempt, started"
        with self._moment() as connection:
            running = connection.execute(_ROWS.format("seq", "running")).fetchone()[0]
            waiting = connection.execute(_ROWS.format(columns, "queued")).fetchone()[0]
            served = connection.execute("SELECT json_group_object(party, served) FROM turn").fetchone()[0]
        planned = order.planned((order.Place(*found) for found in json.loads(waiting)), json.loads(served))
        return sorted(found[0] for found in json.loads(running)), [place.seq for place in planned]

    def _served(self) -> dict[str, int]:
        return dict(self._connection.execute("SELECT party, served FROM turn").fetchall())

    def count(self) -> int:
        """How many jobs wait or run."""
        found = self._connection.execute("SELECT count(*) FROM job WHERE state IN ('queued', 'running')")
        return int(found.fetchone()[0])

    def get(self, id: str) -> Job | None:
        """The job with this id, whatever its state."""
        found = self._connection.execute(f"{_WHOLE} WHERE id = ?", (id,)).fetchone()
        return None if found is None else row.job(found)

    def items(self, seqs: Sequence[int]) -> dict[int, str | None]:
        """Jobs as entries of the queue, in JSON; None for one that was forgotten.

        Only of the first of these jobs, if all would be too much at once.
        """
        return row.items(self._connection, seqs)

    def results(self, seqs: Sequence[int]) -> dict[int, row.ResultText]:
        """What the history keeps of jobs that ended, as JSON texts."""
        return row.results(self._connection, seqs)

    def find(self, query: Query) -> tuple[list[Summary], int]:
        """A page of the jobs that a query asks for, and how many there are in all, on other pages too."""
        where, values = query.where()
        everywhere, everything = replace(query, before=None).where()
        page = f"SELECT * FROM job WHERE {where} ORDER BY {query.order()} LIMIT ? OFFSET ?"  # noqa: S608
        with self._moment() as connection:
            if query.before is not None:
                self._find_edge(connection, query.before)
            counted = connection.execute(f"SELECT count(*) FROM job WHERE {everywhere}", everything)  # noqa: S608
            total = counted.fetchone()[0]
            found = connection.execute(page, [*values, *query.page()])
            return [row.summary(one) for one in found], int(total)

    def _find_edge(self, connection: sqlite3.Connection, seq: int) -> None:
        """SafelightError if the job is gone after which a page is to begin: its place is not known."""
        if connection.execute("SELECT 1 FROM job WHERE seq = ?", (seq,)).fetchone() is None:
            raise SafelightError(
                "the job after which the page begins was forgotten",
                remedy="Begin with the first page again, without 'before'.",
            )

    def _job(self, seq: int) -> Job:
        return row.job(self._connection.execute(f"{_WHOLE} WHERE seq = ?", (seq,)).fetchone())

    @contextmanager
    def _moment(self) -> Iterator[sqlite3.Connection]:
        """Several looks at one moment."""
        self._connection.execute("BEGIN")
        try:
            yield self._connection
        finally:
            self._connection.execute("COMMIT")


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        connection.row_factory = sqlite3.Row
        path.chmod(0o600)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "cache_size = -4096",
        ):
            connection.execute(f"PRAGMA {pragma}")
        migrate(connection)
    except sqlite3.Error as error:
        raise SafelightError(
            f"the job store {path} cannot be used: {error}",
            remedy="Free some space if the disk is full. If it is damaged, move it away; a new one is made.",
        ) from error
    return connection
