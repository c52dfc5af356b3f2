"""Account: what is known of one `safelight run` so far, and how it is told at the end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter
from typing import Any

from safelight.cli.outcome import OF_STATUS, exit_code
from safelight.cli.output import Output
from safelight.cli.speech import amount, paint, plural, sentence, tell, tell_error, tell_notices
from safelight.core.error import Problems, SafelightError
from safelight.core.report import Report, Result

RANKS = ("failed", "ran", "disk", "memory", "skipped")
"""States of a node from the one that says most to the one that says least."""


@dataclass
class Account:
    """Outputs, nodes and errors of all variations of a run. `close` tells them, once."""

    as_json: bool
    keeps: bool = True
    """Results are stored, so that the next run finds them."""
    status: str = "done"
    seconds: float = 0.0
    outputs: list[Output] = field(default_factory=list)
    nodes: dict[str, Report] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)
    """How many nodes of all variations ran, failed, ...: a node that runs in each counts each time."""
    runs: list[dict[str, Any]] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._began = perf_counter()
        self._once = Lock()

    def note(self, notices: Iterable[object]) -> None:
        """Tell what was read with tolerance; each thing once."""
        new = [text for text in dict.fromkeys(map(str, notices)) if text not in self.notices]
        self.notices.extend(new)
        tell_notices(new)

    def add(self, result: Result, outputs: Iterable[Output], values: Mapping[str, Any] | None = None) -> None:
        """Take in one run; `values` is what a sweep changed for it."""
        outputs = list(outputs)
        self.status = result.status
        self.seconds += result.seconds
        self.outputs.extend(outputs)
        for id, report in result.nodes.items():
            self.nodes[id] = _merged(self.nodes.get(id), report)
            self.states[report.state] += 1
        if values is not None:
            tree = {"values": dict(values), "status": result.status, "seconds": round(result.seconds, 6)}
            self.runs.append({**tree, "outputs": [output.as_tree() for output in outputs]})
        self.note(result.notices)
        if result.error is not None and result.status == "failed":
            self._tell(result.error, "failed")
        if not self.as_json:
            for output in outputs:
                print(output, flush=True)

    def fail(self, error: BaseException) -> None:
        """An error ended the run. It is one of the workflow only if nothing was run before."""
        code = exit_code(error)
        status = next(status for status, number in OF_STATUS.items() if number == code)
        self._tell(error, "failed" if self.nodes and status == "invalid" else status)

    def _tell(self, error: BaseException, status: str) -> None:
        self.status = status
        if status != "cancelled":
            self.errors.append(error)
            tell_error(error)

    def give_up(self) -> None:
        """The run was cancelled and does not answer."""
        self.status = "cancelled"
        self.close()

    def close(self) -> int:
        """Say how it ended; returns the exit code."""
        if self._once.acquire(blocking=False):
            tell(self._ending())
            if self.as_json:
                print(json.dumps(self.as_tree()), flush=True)
        return OF_STATUS[self.status]

    def as_tree(self) -> dict[str, Any]:
        """What `--json` prints."""
        tree: dict[str, Any] = {
            "status": self.status,
            "seconds": round(self.seconds, 6),
            "outputs": [output.as_tree() for output in self.outputs],
            "nodes": {id: _node_tree(report) for id, report in self.nodes.items()},
            "errors": [fields for error in self.errors for fields in _error_trees(error)],
            "notices": self.notices,
        }
        return {**tree, "runs": self.runs} if self.runs else tree

    def _ending(self) -> str:
        took = amount(perf_counter() - self._began)
        match self.status:
            case "done":
                runs = f"{plural(len(self.runs), 'variation')}, " if self.runs else ""
                return f"{paint('done', 'green')} in {took}: {runs}{self._counts()}"
            case "cancelled":
                kept = "; the same command goes on from here" if self.keeps else ""
                return f"{paint('cancelled', 'yellow')} after {took}{kept}"
            case "invalid":
                return f"{paint('nothing was run', 'red')}: {_problems(self.errors)}"
        kept = "; what was done before is kept" if self.keeps and self.nodes else ""
        return f"{paint('failed', 'red')} after {took}{kept}"

    def _counts(self) -> str:
        ran, kept = self.states["ran"], self.states["memory"] + self.states["disk"]
        if not ran:
            return "nothing had to run, all results were kept from before" if kept else "no node ran"
        words = f"{plural(ran, 'node')} ran"
        return (
            f"{words}, {plural(kept, 'result')} {'was' if kept == 1 else 'were'} kept from before"
            if kept
            else words
        )


def _merged(old: Report | None, new: Report) -> Report:
    """One report for a node that several variations have."""
    if old is None:
        return new
    first, second = sorted((old, new), key=lambda report: RANKS.index(report.state))
    both = Report(first.type, first.state)
    both.seconds, both.why = old.seconds + new.seconds, first.why or second.why
    return both


def _node_tree(report: Report) -> dict[str, Any]:
    return {
        "type": report.type,
        "state": report.state,
        "seconds": round(report.seconds, 6),
        "why": report.why,
    }


def _error_trees(error: BaseException) -> list[dict[str, Any]]:
    if isinstance(error, Problems):
        return [problem.as_dict() for problem in error.problems]
    if isinstance(error, SafelightError):
        return [error.as_dict()]
    fields = {"kind": "error", "node": None, "type": None, "input": None}
    problem, remedy = getattr(error, "problem", str(error)), getattr(error, "remedy", "")
    return [{**fields, "problem": problem, "remedy": remedy, "text": sentence(error)}]


def _problems(errors: Iterable[BaseException]) -> str:
    count = sum(len(error.problems) if isinstance(error, Problems) else 1 for error in errors)
    return plural(count, "problem")
