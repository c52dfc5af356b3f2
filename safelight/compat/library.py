"""Library: the model files that a workflow means, where this machine calls them otherwise.

A file is found by its name, else by its name alone in whatever folder below its kind's, else by the hash that
the workflow notes for it. What is only called much alike is suggested by validation, never taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import PureWindowsPath
from typing import Any

from safelight.compat.document import Document
from safelight.compat.notice import Notice
from safelight.compat.saved import objects
from safelight.core.digest import Digests
from safelight.core.error import BadInput, Where
from safelight.core.folder import PLAIN_KINDS, Folders
from safelight.core.graph import Graph, Node
from safelight.core.registry import Registry
from safelight.core.widget import File, shown

SHORTEST = 10
"""How many digits of a hash tell a file; some programs note no more."""
HASHED = 4 * 2**30
"""The most bytes of files that are hashed to find one."""


def find_models(
    graph: Graph, registry: Registry, folders: Folders, hashes: Mapping[str, str]
) -> tuple[Graph, list[Notice]]:
    """The graph with the names that its model files have here, and a notice for each that was changed."""
    library = _Library(folders, hashes)
    nodes: dict[str, Node] = {}
    notices: list[Notice] = []
    for id, node in graph.nodes.items():
        changed: dict[str, Any] = {}
        spec = registry.find(node.type)
        for one in spec.inputs if spec is not None else ():
            name = node.inputs.get(one.name)
            if (
                not isinstance(one.widget, File)
                or not isinstance(name, str)
                or one.widget.kind in PLAIN_KINDS
            ):
                continue
            found, why = library.find(one.widget, name)
            if why:
                where = Where(node=id, type=node.type, input=one.name, title=node.title or None)
                notices.append(Notice(f"{shown(name)} {why}", where, name, found or name))
            if found is not None:
                changed[one.name] = found
        if changed:
            nodes[id] = Node(node.type, {**node.inputs, **changed}, node.title)
    return (Graph({**graph.nodes, **nodes}) if nodes else graph), notices


def hashes_of(document: Document) -> dict[str, str]:
    """The hashes that a document notes, by the names of their files."""
    found = dict(document.hashes)
    if document.dialect == "editor":
        holders = [document.tree, *document.definitions().values()]
        nodes = [node for holder in holders for node in objects(holder.get("nodes"))]
        listed = [entry for holder in holders for entry in objects(holder.get("models"))]
        for node in nodes:
            properties = node.get("properties")
            listed += objects(properties.get("models")) if isinstance(properties, dict) else []
        for entry in listed:
            name, hash = entry.get("name"), entry.get("hash")
            kind = str(entry.get("hash_type") or "sha256").lower().replace("-", "")
            if isinstance(name, str) and isinstance(hash, str) and kind == "sha256":
                found.setdefault(_last(name), hash)
    return found


class _Library:
    """The files of a machine; each kind is listed once."""

    def __init__(self, folders: Folders, hashes: Mapping[str, str]) -> None:
        self._folders = folders
        self._hashes = hashes
        self._names: dict[str, list[str]] = {}
        self._digests: Digests | None = None

    def find(self, file: File, name: str) -> tuple[str | None, str]:
        """What a file is called here, if otherwise, and why."""
        with suppress(BadInput):  # a name that no file here can have, as of another machine's drive
            if self._folders.first(file.kind, name) is not None:
                return None, ""
        if file.listed not in self._names:
            self._names[file.listed] = self._folders.names(file.listed)
        names = self._names[file.listed]
        by_name = _alike(name, names)
        hashed = self._by_hash(file.kind, name, by_name if len(by_name) > 1 else names)
        if len(by_name) == 1:
            return by_name[0], f"was found as {shown(by_name[0])}"
        if hashed is not None:
            return hashed, f"was found as {shown(hashed)}, by the hash that the workflow notes"
        if by_name:
            few = ", ".join(shown(one) for one in by_name[:4])
            return None, f"may be any of {few}: choose one"
        return None, ""

    def _by_hash(self, kind: str, name: str, names: Sequence[str]) -> str | None:
        """The file that has the hash which is noted for a name."""
        wanted = self._hashes.get(_last(name), "").lower().removeprefix("sha256:").removeprefix("0x")
        if len(wanted) < SHORTEST:
            return None
        digests = self._digests = self._digests or Digests(self._folders.data / "cache" / "digests.json")
        left = HASHED
        for one, size in sorted(self._sizes(kind, names), key=lambda entry: entry[1]):
            left -= size
            path = self._folders.first(kind, one)
            if left > 0 and path is not None and digests.of(path).startswith(wanted):
                return one
        return None

    def _sizes(self, kind: str, names: Sequence[str]) -> Iterator[tuple[str, int]]:
        """The files among some names, and how large they are."""
        for name in names:
            path = self._folders.first(kind, name)
            if path is not None and path.is_file():
                yield name, path.stat().st_size


def _alike(name: str, names: Sequence[str]) -> list[str]:
    """The files of that name in any folder; where there is none, upper and lower case are alike."""
    last = _last(name)
    exact = [one for one in names if _last(one) == last]
    return exact or [one for one in names if _last(one).casefold() == last.casefold()]


def _last(name: str) -> str:
    """A file's name without its folders, with either slash."""
    return PureWindowsPath(name).name
