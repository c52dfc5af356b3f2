"""Query: jobs found by what they are, newest first unless asked otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from server.job.record import ENDED, State

MOST = 10_000
"""The most jobs of one answer."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which jobs are wanted; what is left out does not matter."""

    states: Sequence[State] = ENDED
    started: bool = False
    """Only jobs that were taken up at least once."""
    text: str = ""
    workflow: str = ""
    model: str = ""
    seed: int | None = None
    before: int | None = None
    """Only jobs whose place in this order comes after the job with this `seq`, to go on with a page."""
    sort: Literal["created", "ended", "duration"] = "ended"
    ascending: bool = False
    limit: int | None = None
    offset: int = 0

    def where(self) -> tuple[str, list[Any]]:
        """The condition in SQL, and its values."""
        values: list[Any] = []
        if set(self.states) == set(ENDED):
            parts = ["ended IS NOT NULL"]  # which there is an index for
        else:
            parts = [f"state IN ({', '.join('?' * len(self.states))})"]
            values += self.states
        if self.started:
            parts.append("attempt > 0")
        if self.workflow:
            parts.append("workflow_id = ?")
            values.append(self.workflow)
        for word in self.text.casefold().split():
            parts.append("instr((SELECT texts FROM body WHERE body.seq = job.seq), ?)")
            values.append(word)
        if self.model:
            parts.append(_TERM.format("instr(value, ?)"))
            values += ["model", self.model.casefold()]
        if self.seed is not None:
            parts.append(_TERM.format("value = ?"))
            values += ["seed", str(self.seed)]
        if self.before is not None:
            parts.append(f"({_SORTS[self.sort]}, seq) {'>' if self.ascending else '<'} {self._edge()}")
            values += [self.before]
        return " AND ".join(parts), values

    def _edge(self) -> str:
        return f"(SELECT {_SORTS[self.sort]}, seq FROM job WHERE seq = ?)"  # noqa: S608

    def order(self) -> str:
        """The order in SQL."""
        way = "ASC" if self.ascending else "DESC"
        return f"{_SORTS[self.sort]} {way}, seq {way}"

    def page(self) -> tuple[int, int]:
        """Limit and offset."""
        return min(MOST, MOST if self.limit is None else self.limit), self.offset


_TERM = "seq IN (SELECT seq FROM term WHERE kind = ? AND {})"
_SORTS = {
    "created": "created",
    "ended": "ended",
    "duration": "coalesce(ended - started, 0)",
}
