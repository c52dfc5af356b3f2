"""`safelight check`: every problem of workflows, without running them and without torch."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from safelight import home
from safelight.cli.outcome import DONE, INVALID
from safelight.cli.speech import paint, plural, tell
from safelight.compat import Document, Report, coerce, report, to_graph
from safelight.core.error import DocumentError, GraphError, Problems, SafelightError, UnknownNode
from safelight.core.folder import Folders
from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.core.validation import roots_of, validate


def main(args: Namespace) -> int:
    """Check each file; returns the exit code of the worst."""
    registry, folders = Registry().load("nodes"), home.folders(home.locate(args.data), prepared=False)
    bad = 0
    for file in args.files:
        problems, notices = _check(file, registry, folders)
        bad += bool(problems)
        _print(file, problems, notices)
    if len(args.files) > 1:
        tell(f"{plural(len(args.files), 'file')} checked, {bad} with problems")
    return INVALID if bad else DONE


def _check(file: Path, registry: Registry, folders: Folders) -> tuple[list[str], list[str]]:
    """What is wrong with a file, and what is merely odd."""
    try:
        document = Document.read(file)
    except DocumentError as error:
        return [str(error)], []
    lacking = report(document, registry, folders.names)
    missing = [*map(str, lacking.types), *map(str, lacking.models)]
    try:
        converted = to_graph(document, registry)
    except SafelightError as error:
        return [*map(str, error.problems if isinstance(error, Problems) else [error]), *missing], []
    graph, coerced = coerce(converted.graph, registry, folders.names)
    problems, warnings = _problems(graph, registry, folders, lacking)
    return [*missing, *problems], [*map(str, [*converted.notices, *coerced]), *warnings]


def _problems(
    graph: Graph, registry: Registry, folders: Folders, lacking: Report
) -> tuple[list[str], list[str]]:
    """What keeps the workflow from running, and problems of nodes that it would not run."""
    roots = roots_of(graph, registry)
    needed = validate(graph, registry, roots, folders)
    used = graph.ancestors(roots)
    idle = validate(graph, registry, [id for id in graph.nodes if id not in used], folders)
    problems = _told(needed.problems, lacking)
    if not roots and not lacking.types:
        problems.append(
            "there is nothing to run: no node saves or shows anything. Add a node such as SaveImage."
        )
    unused = [text for text in _told(idle.problems, lacking) if text not in problems]
    return problems, [*needed.notices, *(f"{text} (Nothing that is run needs this node.)" for text in unused)]


def _told(problems: Iterable[GraphError], lacking: Report) -> list[str]:
    """Problems in words, without the unknown types, which are told with where they can be had."""
    types = {lack.type for lack in lacking.types}
    return [
        str(problem)
        for problem in problems
        if not (isinstance(problem, UnknownNode) and problem.where.type in types)
    ]


def _print(file: Path, problems: list[str], notices: list[str]) -> None:
    verdict = f"{plural(len(problems), 'problem')}" if problems else "fine"
    print(f"{file}: {verdict}")
    for problem in problems:
        print(f"  {problem}")
    for notice in notices:
        print(f"  {paint('note:', 'yellow')} {notice}")
