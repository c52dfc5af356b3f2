"""Outputs: what a run made for a person, namely files, texts, and values of nodes that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from safelight.cli.summary import summary
from safelight.core.folder import Folders
from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.core.report import Report, Result

KINDS = {"images": "image"}
REMARKS = ("animated",)
"""Kinds that only describe what is shown beside them."""


@dataclass(frozen=True, slots=True)
class Output:
    """One thing: a file by its path, or something to read as `text`."""

    node: str
    kind: str
    path: str | None = None
    text: str | None = None
    name: str = ""

    def as_tree(self) -> dict[str, Any]:
        """For `--json`; files have a path, everything else has a text."""
        tree: dict[str, Any] = {"node": self.node, "kind": self.kind, "path": self.path}
        return tree if self.text is None else {**tree, "text": self.text}

    def __str__(self) -> str:
        if self.path is not None:
            return self.path
        return f"{self.name}: {self.text}" if self.name else self.text or ""


def outputs_of(
    result: Result, graph: Graph, registry: Registry, folders: Folders, asked: Iterable[str]
) -> list[Output]:
    """All that a run shows, then the values of `asked` nodes that show nothing."""
    found = [output for id, report in result.nodes.items() for output in _shown(id, report, folders)]
    showing = {output.node for output in found}
    for id in asked:
        if id not in showing and id in result.values:
            found.extend(_values(id, result.values[id], graph, registry))
    return found


def _shown(id: str, report: Report, folders: Folders) -> Iterator[Output]:
    for kind, entries in report.shown.items():
        for entry in entries if kind not in REMARKS else ():
            if isinstance(entry, dict) and "filename" in entry:
                root = folders.root(entry.get("type", "output"))
                path = root / entry.get("subfolder", "") / entry["filename"]
                yield Output(id, KINDS.get(kind, kind), path=str(path))
            else:
                yield Output(id, kind, text=entry if isinstance(entry, str) else summary(entry))


def _values(id: str, values: tuple[Any, ...], graph: Graph, registry: Registry) -> Iterator[Output]:
    for slot, value in zip(registry.get(graph[id].type).outputs, values, strict=False):
        yield Output(id, "value", text=summary(value), name=f"{id}.{slot.name}")
