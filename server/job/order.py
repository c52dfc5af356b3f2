"""Order: whose turn it is.

1. A job that was taken up before and came back, because its worker died.
2. A job whose place was asked for (`number`, `front`), if its number is not above that of the oldest job
   whose place was not.
3. Else the clients take turns: the one served longest ago is next, with its oldest job.

So one client alone sees its jobs run by ascending number, and nobody waits behind another's hundred jobs.
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar


class Placed(Protocol):
    """What is known of every job that waits."""

    @property
    def seq(self) -> int:
        """Its place in the order of arrival."""

    @property
    def number(self) -> float:
        """Lower runs first."""

    @property
    def placed(self) -> bool:
        """Whether its number was asked for."""

    @property
    def party(self) -> str:
        """Whose turn it takes."""

    @property
    def attempt(self) -> int:
        """How often it was taken up."""

    @property
    def started(self) -> int | None:
        """When it was first taken up."""


class Place(NamedTuple):
    """That, and nothing else."""

    seq: int
    number: float
    placed: bool
    party: str
    attempt: int
    started: int | None


Job = TypeVar("Job", bound=Placed)

PASSES_MAX = 3
"""How often a job may be passed over for one whose models a worker has."""
LOOKAHEAD = 8
MEMORY = 10_000
"""Turns after which it is forgotten that a client was served."""

_AGAIN = "SELECT seq FROM job WHERE state = 'queued' AND attempt > 0 ORDER BY started, seq LIMIT 1"
_PLACED = """SELECT seq, number FROM job WHERE state = 'queued' AND attempt = 0 AND placed = 1
ORDER BY number, seq LIMIT 1"""
_OLDEST = """SELECT min(number) FROM job WHERE state = 'queued' AND attempt = 0 AND placed = 0"""
_TURNS = """SELECT first FROM (SELECT party, min(seq) AS first FROM job
WHERE state = 'queued' AND attempt = 0 AND placed = 0 GROUP BY party)
LEFT JOIN turn USING (party) ORDER BY coalesce(served, 0), first LIMIT ?"""
_EARLY = """SELECT seq FROM job WHERE state = 'queued' AND attempt = 0 AND placed = 0 ORDER BY seq LIMIT ?"""


def next_seq(connection: sqlite3.Connection, holds: frozenset[str] = frozenset()) -> int | None:
    """The number of the job that is next for a worker that has these models loaded; None if none waits."""
    again = connection.execute(_AGAIN).fetchone()
    if again is not None:
        return int(again[0])
    placed = connection.execute(_PLACED).fetchone()
    oldest = connection.execute(_OLDEST).fetchone()[0]
    if placed is not None and (oldest is None or placed[1] <= oldest):
        return int(placed[0])
    if oldest is None:
        return None
    heads = [int(row[0]) for row in connection.execute(_TURNS, (LOOKAHEAD,))]
    return _preferred(connection, heads, holds) if holds else heads[0]


def _preferred(connection: sqlite3.Connection, heads: Sequence[int], holds: frozenset[str]) -> int:
    """The next job, or a later one whose models are loaded if the next would have to load its own."""
    early = [int(row[0]) for row in connection.execute(_EARLY, (LOOKAHEAD,))]
    for seq in dict.fromkeys([*heads, *early]):
        models, passed = connection.execute("SELECT models, passed FROM job WHERE seq = ?", (seq,)).fetchone()
        if holds.issuperset(json.loads(models)):
            break
        if seq == heads[0] and passed >= PASSES_MAX:
            return seq
    else:
        return heads[0]
    if seq != heads[0]:
        connection.execute("UPDATE job SET passed = passed + 1 WHERE seq = ?", (heads[0],))
    return seq


def take_turn(connection: sqlite3.Connection, party: str) -> None:
    """Note that a client was served."""
    turn = connection.execute("SELECT coalesce(max(served), 0) + 1 FROM turn").fetchone()[0]
    connection.execute("INSERT OR REPLACE INTO turn(party, served) VALUES (?, ?)", (party, turn))
    if turn % 1000 == 0:
        connection.execute("DELETE FROM turn WHERE served < ?", (turn - MEMORY,))


def planned(waiting: Iterable[Job], served: Mapping[str, int]) -> list[Job]:
    """Waiting jobs in the order in which one worker would take them; `served` says who was served when."""
    waiting = sorted(waiting, key=lambda job: job.seq)
    again = sorted((job for job in waiting if job.attempt), key=lambda job: (job.started or 0, job.seq))
    fresh = [job for job in waiting if not job.attempt]
    placed = deque(sorted((job for job in fresh if job.placed), key=lambda job: (job.number, job.seq)))
    return [*again, *_merged(placed, [job for job in fresh if not job.placed], dict(served))]


def _merged(placed: deque[Job], others: Sequence[Job], served: dict[str, int]) -> list[Job]:
    lines: dict[str, deque[Job]] = {}
    for job in others:
        lines.setdefault(job.party, deque()).append(job)
    turns = deque(sorted(lines, key=lambda party: (served.get(party, 0), lines[party][0].seq)))
    oldest = deque(others)
    taken: set[int] = set()
    order: list[Job] = []
    while placed or turns:
        while oldest and oldest[0].seq in taken:
            oldest.popleft()
        if placed and (not turns or placed[0].number <= oldest[0].number):
            job = placed.popleft()
            order.append(job)
            if job.party in lines and job.party in turns:
                turns.remove(job.party)
                turns.append(job.party)
            continue
        party = turns.popleft()
        job = lines[party].popleft()
        taken.add(job.seq)
        order.append(job)
        if lines[party]:
            turns.append(party)
    return order
