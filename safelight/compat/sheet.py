"""Sheet: the nodes of an editor file side by side, and for each input socket the wire that ends there.

This is the one place that knows how wires are written down, and where subgraphs and group nodes are to be
laid open: what stands after it (tracing, conversion) sees plain nodes by id, and wires between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from safelight.compat.document import Document
from safelight.compat.notice import Notice
from safelight.compat.prompt import slot_number
from safelight.compat.saved import LinkId, SavedNode, SavedSocket, group_name, link_id
from safelight.core.error import DocumentError, Problems, Where
from safelight.core.registry import Registry


class Wire(NamedTuple):
    """Where a wire begins: a node's id and its output slot."""

    node: str
    slot: int


class Origin(NamedTuple):
    """Where a node of the graph stands on the canvas: the id and the title of the node that a person sees."""

    node: str
    title: str


class Sheet:
    """Plain nodes by id. `wire(id, place)` is the wire that ends at an input socket, or None."""

    def __init__(self, document: Document, registry: Registry) -> None:
        """Lay a document out; DocumentError (Problems, if several) where a node cannot be laid open yet."""
        self.notices: list[Notice] = []
        self.nodes: dict[str, SavedNode] = {}
        self.origins: dict[str, Origin] = {}
        for raw in document.tree["nodes"]:
            self._add(SavedNode(raw, registry))
        self._refuse_nested(document)
        self._wires = _wires(document.tree)
        self._inputs: dict[str, list[SavedSocket]] = {}

    def inputs(self, id: str) -> list[SavedSocket]:
        """The input sockets of the node `id`."""
        if id not in self._inputs:
            self._inputs[id] = self.nodes[id].inputs
        return self._inputs[id]

    def wire(self, id: str, place: int) -> Wire | None:
        """The wire that ends at the input socket number `place` of the node `id`.

        What the socket says counts.
        """
        sockets = self.inputs(id)
        link = sockets[place].link if place < len(sockets) else None
        return None if link is None else self._wires.get(link, LOOSE)

    def _add(self, node: SavedNode) -> None:
        if node.id in self.nodes:
            self.notices.append(Notice("another node has the same id; this one was left out", node.where))
            return
        self.nodes[node.id] = node
        self.origins[node.id] = Origin(node.id, node.title)

    def _refuse_nested(self, document: Document) -> None:
        names = {id: str(definition.get("name") or id) for id, definition in document.definitions().items()}
        problems = [
            DocumentError(
                f"it is {what}, which this version cannot run yet",
                where=Where(node=node.id, type=name, title=node.title or None),
                remedy="Unpack it in the editor, or export the workflow in the API format there.",
            )
            for node in self.nodes.values()
            if not (node.muted or node.bypassed or node.spec)
            for what, name in _nested(node, names)
        ]
        if problems:
            raise problems[0] if len(problems) == 1 else Problems(problems)


LOOSE = Wire("", 0)
"""A wire that the file names but does not have."""


def _nested(node: SavedNode, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    if node.type in names:
        yield f"the subgraph '{names[node.type]}'", names[node.type]
    elif group := group_name(node.type):
        yield f"the group node '{group}'", node.type


def _wires(tree: dict[str, Any]) -> dict[LinkId, Wire]:
    """The wires by id, from `links` (lists or objects); a file without any has them in the nodes' outputs."""
    links = tree.get("links")
    if isinstance(links, dict):
        links = list(links.values())
    entries = links if isinstance(links, list) else list(_from_outputs(tree["nodes"]))
    wires: dict[LinkId, Wire] = {}
    for entry in entries:
        if isinstance(entry, dict):
            entry = [entry.get("id"), entry.get("origin_id"), entry.get("origin_slot")]
        if not isinstance(entry, list) or len(entry) < 3:
            continue
        id, slot = link_id(entry[0]), slot_number(entry[2])
        if id is not None and slot is not None and isinstance(entry[1], (int, str)):
            wires[id] = Wire(str(entry[1]), slot)
    return wires


def _from_outputs(nodes: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for node in nodes:
        outputs = node.get("outputs")
        for slot, output in enumerate(outputs if isinstance(outputs, list) else ()):
            links = output.get("links") if isinstance(output, dict) else None
            for link in links if isinstance(links, list) else ():
                yield [link, node["id"], slot]
