"""Report: what became of each node in a run, and of the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

from safelight.core.error import SafelightError

State: TypeAlias = Literal["ran", "memory", "disk", "skipped", "failed"]


@dataclass(slots=True)
class Report:
    """One node: its state, the seconds that its body took, and why. Items of a stream are added up."""

    type: str
    state: State = "skipped"
    seconds: float = 0.0
    why: str = ""
    items: int = 0
    ran: int = 0
    resumed: tuple[int, int] | None = None
    shown: dict[str, list[Any]] = field(default_factory=dict)
    writes: list[Path] = field(default_factory=list)
    blocked: str | None = None


@dataclass
class Result:
    """A run: `status` is done, failed or cancelled; `error` what ended it early."""

    status: str
    seconds: float
    reports: dict[str, Report]
    """The nodes that the run reached; `nodes` has all that its roots could need, explained."""
    values: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """The outputs of roots that run once, where they stood in memory at the end."""
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
