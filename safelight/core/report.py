"""Report: what became of each node in a run, and of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from safelight.core.error import SafelightError, Where
from safelight.core.store.record import Record

State: TypeAlias = Literal["ran", "memory", "disk", "skipped", "failed"]


class Report:
    """One node: its state, the seconds that its body took, and why. Items of a stream are added up."""

    seconds = 0.0
    why = ""
    items = 0
    """How many items it was asked for, where it runs once per item."""
    ran = 0
    """For how many of them its body ran."""
    resumed: tuple[int, int] | None = None
    """The step that it was taken up at, and of how many."""
    began: tuple[int, int] | None = None
    """The step that it began at with what an earlier run had kept, and of how many."""
    shortened: int = 0
    """How many of its items began so."""
    blocked: str | None = None
    """What a blocked output says, if it is blocked."""
    shown: Mapping[str, list[Any]] = MappingProxyType({})
    writes: Sequence[str] = ()

    def __init__(self, type: str, state: State) -> None:
        self.type = type
        self.state = state

    def add(self, record: Record) -> None:
        """Add what a result shows and the files that it wrote."""
        if record.shown is not None:
            shown = {kind: list(entries) for kind, entries in self.shown.items()}
            for kind, entries in record.shown.items():
                shown.setdefault(kind, []).extend(entries)
            self.shown = shown
        if record.writes:
            self.writes = [*self.writes, *record.writes]


class Values(Mapping[str, tuple[Any, ...]]):
    """The outputs of nodes by id. SafelightError for one that is on disk and cannot be read any more."""

    def __init__(self, records: Mapping[str, Record]) -> None:
        self._records = records

    def __getitem__(self, id: str) -> tuple[Any, ...]:
        record = self._records[id]
        try:
            return record.outputs
        except Exception as error:  # a file that was there when the run began, and is gone or damaged since
            where = Where(node=id, type=record.type)
            problem = f"its stored result can no longer be read ({error})"
            raise SafelightError(problem, where=where, remedy="Run the workflow again.") from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


@dataclass
class Result:
    """A run: `status` is done, failed or cancelled; `error` what ended it early."""

    status: str
    seconds: float
    reports: dict[str, Report]
    """The nodes that the run reached; `nodes` has all that its roots could need, explained."""
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """The outputs of roots that run once, where they were there at the end; read from disk when asked for."""
    error: SafelightError | None = None
    notices: list[str] = field(default_factory=list)
    explained: Callable[[], dict[str, Report]] | None = None

    @cached_property
    def nodes(self) -> dict[str, Report]:
        """A report for each node, with `why` filled in. Made when first asked for: most runs are not."""
        return self.explained() if self.explained is not None else self.reports

    def raise_for_error(self) -> Result:
        """Raise what ended the run early, if anything did; else return self."""
        if self.error is not None:
            raise self.error
        return self
