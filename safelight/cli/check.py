"""`safelight check`: every problem of workflows, without running them and without torch."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path

from safelight import home
from safelight.cli.outcome import DONE, INVALID
from safelight.cli.speech import paint, plural, tell
from safelight.compat import Document, Report, coerce, refusals, replace_nodes, report, to_graph
from safelight.compat.library import find_models, hashes_of
from safelight.compat.shims.elsewhere import Elsewhere
from safelight.compat.shims.trust import Trust
from safelight.core.error import (
    BadInput,
    DocumentError,
    GraphError,
    Problems,
    SafelightError,
    UnknownNode,
    Where,
)
from safelight.core.folder import Folders
from safelight.core.graph import Graph, Node
from safelight.core.registry import Registry
from safelight.core.spec import NodeSpec
from safelight.core.validation import Validated, roots_of, validate
from safelight.core.widget import File


def main(args: Namespace) -> int:
    """Check each file; returns the exit code of the worst."""
    data = home.locate(args.data)
    registry, folders = Registry().load("nodes"), home.folders(data, prepared=False)
    packs = Elsewhere(folders.packs, Trust.read(data))
    registry.elsewhere = packs.remedy
    bad = 0
    for file in args.files:
        problems, notices = _check(file, registry, folders, packs)
        bad += bool(problems)
        _print(file, problems, notices)
    if len(args.files) > 1:
        tell(f"{plural(len(args.files), 'file')} checked, {bad} with problems")
    return INVALID if bad else DONE


def _check(file: Path, registry: Registry, folders: Folders, packs: Elsewhere) -> tuple[list[str], list[str]]:
    """What is wrong with a file, and what is merely odd."""
    try:
        document = Document.read(file)
    except DocumentError as error:
        return [str(error)], []
    lacking = report(document, registry, folders.names)
    try:
        converted = to_graph(document, registry)
    except SafelightError as error:
        told = map(str, error.problems if isinstance(error, Problems) else [error])
        return [*told, *_missing(lacking, packs)], []
    replaced, renewed = replace_nodes(converted.graph, registry)
    done = _types(converted.graph) - _types(replaced)
    lacking = Report([lack for lack in lacking.types if lack.type not in done], lacking.models)
    read, coerced = coerce(replaced, registry, folders.names)
    graph, found = find_models(read, registry, folders, hashes_of(document))
    problems, warnings = _problems(graph, registry, folders, lacking)
    odd = map(str, [*converted.notices, *renewed, *coerced, *found])
    return [*_missing(lacking, packs), *problems], [*_later(lacking, packs), *odd, *warnings]


def _types(graph: Graph) -> set[str]:
    return {node.type for node in graph.nodes.values()}


def _missing(lacking: Report, packs: Elsewhere) -> list[str]:
    """The types and the models that are not here."""
    types = [lack for lack in lacking.types if _allowed(packs, lack.type) is None]
    return [*map(str, types), *map(str, lacking.models)]


def _later(lacking: Report, packs: Elsewhere) -> Iterator[str]:
    """The types that an allowed pack has."""
    for lack in lacking.types:
        name = _allowed(packs, lack.type)
        if name is not None:
            yield f"'{lack.type}' comes with the pack '{name}', which is only read when it is run."


def _allowed(packs: Elsewhere, type: str) -> str | None:
    """The allowed pack whose code says that it has a node type."""
    name, allowed = packs.pack_of(type) or (None, False)
    return name if allowed else None


def _problems(
    graph: Graph, registry: Registry, folders: Folders, lacking: Report
) -> tuple[list[str], list[str]]:
    """What keeps the workflow from running, and problems of nodes that it would not run."""
    roots = roots_of(graph, registry)
    needed = validate(graph, registry, roots, folders)
    used = graph.ancestors(roots)
    idle = validate(graph, registry, [id for id in graph.nodes if id not in used], folders)
    problems = _told([*needed.problems, *_deeper(needed, graph, folders)], lacking)
    if not roots and not lacking.types:
        problems.append(
            "there is nothing to run: no node saves or shows anything. Add a node such as SaveImage."
        )
    unused = [
        text
        for text in _told([*idle.problems, *_deeper(idle, graph, folders)], lacking)
        if text not in problems
    ]
    return problems, [*needed.notices, *(f"{text} (Nothing that is run needs this node.)" for text in unused)]


def _deeper(found: Validated, graph: Graph, folders: Folders) -> list[BadInput]:
    """Problems that validation leaves to the nodes: texts that none could use, files that are no models."""
    damaged = [problem for entry in found.order for problem in _damaged(*entry, folders)]
    return [*refusals(graph, folders, [id for id, _, _ in found.order]), *damaged]


def _damaged(id: str, node: Node, spec: NodeSpec, folders: Folders) -> Iterator[BadInput]:
    """Checkpoints that are cut short, pickles or of no known family, as their headers say."""
    from safelight.diffusion import checkpoint
    from safelight.diffusion.failure import ModelFileError

    for one in spec.inputs:
        name = node.inputs.get(one.name)
        if isinstance(one.widget, File) and one.widget.kind == "checkpoints" and isinstance(name, str):
            path = folders.first("checkpoints", name)
            try:
                if path is not None:
                    checkpoint.load(path, digest="")
            except ModelFileError as error:
                where = Where(node=id, type=node.type, input=one.name, title=node.title or None)
                yield BadInput(problem=error.problem, remedy=error.remedy, where=where)


def _told(problems: Iterable[GraphError], lacking: Report) -> list[str]:
    """Problems in words, without unknown types and absent models that are told with where they can be had."""
    types = {lack.type for lack in lacking.types}
    files = {(node, lack.name) for lack in lacking.models for node in lack.nodes}
    return [
        str(problem)
        for problem in problems
        if not (isinstance(problem, UnknownNode) and problem.where.type in types)
        and not any(
            problem.where.node == node and f"no file '{name}'" in problem.problem for node, name in files
        )
    ]


def _print(file: Path, problems: list[str], notices: list[str]) -> None:
    verdict = f"{plural(len(problems), 'problem')}" if problems else "fine"
    print(f"{file}: {verdict}")
    for problem in problems:
        print(f"  {problem}")
    for notice in notices:
        print(f"  {paint('note:', 'yellow')} {notice}")
