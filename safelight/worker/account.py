"""Account: what came of a job, as the server keeps it: an error as a tree, and a report for each node."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Any

from safelight.core.error import Problems, SafelightError
from safelight.core.graph import Graph, Link
from safelight.core.report import Report, Result
from safelight.message import Ended, Run, plain

LONGEST = 2000
"""Characters of an input's value that an error shows."""
PLACE = ("node", "type", "input")


def ended(run: Run, graph: Graph, result: Result) -> Ended:
    """The end of a job that ran."""
    nodes = result.nodes
    return Ended(
        run.job,
        run.attempt,
        result.status,
        result.seconds,
        None if result.error is None else error_tree(result.error, graph),
        {id: report_tree(report) for id, report in nodes.items()},
        {id: plain(report.shown) for id, report in nodes.items() if report.shown},
        list(result.notices),
    )


def failed(run: Run, error: BaseException, graph: Graph | None = None) -> Ended:
    """The end of a job that could not be run."""
    return Ended(run.job, run.attempt, "failed", error=error_tree(error, graph))


def report_tree(report: Report) -> dict[str, Any]:
    """What became of one node."""
    return {
        "type": report.type,
        "state": report.state,
        "seconds": report.seconds,
        "why": report.why,
        "items": report.items,
        "ran": report.ran,
        "resumed": plain(report.resumed),
        "blocked": report.blocked,
        "writes": [str(path) for path in report.writes],
    }


def error_tree(error: BaseException, graph: Graph | None = None) -> dict[str, Any]:
    """An error's fields, with the exception behind it, its traceback, and the node's inputs."""
    if not isinstance(error, SafelightError):
        problem = f"{type(error).__name__}: {error}"
        wrapped = SafelightError(problem, remedy="This is a mistake in Safelight or in a node pack.")
        wrapped.__cause__ = error
        error = wrapped
    cause = error.__cause__ or error
    tree: dict[str, Any] = {
        **error.as_dict(),
        "exception": _name(type(cause)),
        "message": str(cause),
        "traceback": list(_frames(cause)),
        "inputs": {},
    }
    if isinstance(error, Problems):
        tree["problems"] = [problem.as_dict() for problem in error.problems]
        if len(error.problems) == 1:  # its place is the job's
            error = error.problems[0]
            tree |= {name: value for name, value in error.as_dict().items() if name in PLACE}
    node = graph.nodes.get(error.where.node or "") if graph is not None else None
    if node is not None:
        tree["inputs"] = {name: _shown(value) for name, value in node.inputs.items()}
    return tree


def _name(kind: type) -> str:
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _frames(error: BaseException) -> Iterator[str]:
    for line in traceback.format_exception(error):
        yield line.encode("utf-8", "backslashreplace").decode()


def _shown(value: Any) -> Any:
    if isinstance(value, Link):
        return list(value)
    return value[:LONGEST] if isinstance(value, str) else plain(value)
