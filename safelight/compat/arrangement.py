"""Arrangement: an API file as an editor's document, laid out in layers from the sources to the ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from safelight.compat.document import Document
from safelight.compat.layout import has_place, listed
from safelight.compat.order import placed
from safelight.compat.prompt import MOST_SLOTS, from_prompt
from safelight.compat.saved import SavedNode
from safelight.core.graph import Graph, Link, Node
from safelight.core.registry import Registry
from safelight.core.shape import lay
from safelight.core.spec import NodeSpec
from safelight.core.widget import Text

WIDTH, ROW, HEAD, GAP_X, GAP_Y = 320, 24, 60, 80, 40
TEXT_ROWS = 5
"""How many rows a text of several lines takes."""


def arrange(document: Document, registry: Registry) -> Document:
    """An editor's document that means the same graph as an API file."""
    nodes = from_prompt(document.tree).nodes
    drawn = {
        id: Node(node.type, {name: _drawable(value) for name, value in node.inputs.items()}, node.title)
        for id, node in nodes.items()
    }
    return Document(_Arranger(Graph(drawn), registry).tree())


def _drawable(value: Any) -> Any:
    """A wire from an output that no node could have, as the list that it is: kept, and not drawn."""
    unsound = isinstance(value, Link) and not 0 <= value.slot < MOST_SLOTS
    return [value.node, value.slot] if unsound else value


class _Arranger:
    def __init__(self, graph: Graph, registry: Registry) -> None:
        self.graph = graph
        self.registry = registry
        self.numbers = count(1)
        self.links: list[list[Any]] = []
        self.leaving: dict[Link, list[int]] = {}
        self.used: dict[str, int] = {}
        for _, node in graph.nodes.items():
            for _, link in node.links:
                self.used[link.node] = max(self.used.get(link.node, -1), link.slot)

    def tree(self) -> dict[str, Any]:
        nodes = {id: self.node(id, node) for id, node in self.graph.nodes.items()}
        for link, ids in self.leaving.items():
            if link.node in nodes:
                nodes[link.node]["outputs"][link.slot]["links"] = ids
        self.place(nodes)
        whole = [node["id"] for node in nodes.values() if isinstance(node["id"], int)]
        return {
            "last_node_id": max(whole, default=0),
            "last_link_id": len(self.links),
            "nodes": list(nodes.values()),
            "links": self.links,
            "groups": [],
            "config": {},
            "extra": {},
            "version": 0.4,
        }

    def node(self, id: str, node: Node) -> dict[str, Any]:
        spec = self.registry.find(node.type) or placed(node.type)
        known = self.registry.find(node.type)
        inputs: list[dict[str, Any]] = []
        rows = 0
        for name, type, widget in self.sockets(spec, node):
            entry: dict[str, Any] = {
                "localized_name": name,  # so newer editors say that sockets stand in the widgets' order
                "name": name,
                "type": type,
                "link": self.link(id, node, name, len(inputs), type),
            }
            inputs.append(entry | ({"widget": {"name": name}} if widget else {}))
            rows += 1
        outputs = [{"name": name, "type": type, "links": None} for name, type in self.outputs(id, known)]
        size = [WIDTH, HEAD + ROW * max(rows, len(outputs), 1) + self.tall(spec)]
        raw: dict[str, Any] = {
            "id": int(id) if _is_number(id) else id,
            "type": node.type,
            "pos": [0, 0],
            "size": size,
        }
        raw |= {"flags": {}, "order": 0, "mode": 0, "inputs": inputs, "outputs": outputs, "properties": {}}
        title = node.title if node.title not in ("", node.type, known.title if known else "") else None
        return raw | ({"title": title} if title else {}) | {"widgets_values": self.values(spec, node, raw)}

    def sockets(self, spec: NodeSpec | None, node: Node) -> Iterator[tuple[str, str, bool]]:
        """Each input as a socket: those of the type, then what the file has beside them."""
        told = set()
        for one in lay(spec, node.inputs) if spec is not None else ():
            told.add(one.name)
            entered = one.name in node.inputs and not isinstance(node.inputs[one.name], Link)
            yield one.name, one.type, one.widget is not None or entered
        for name, value in node.inputs.items():
            if name not in told:
                yield name, "*", not isinstance(value, Link)

    def values(self, spec: NodeSpec | None, node: Node, raw: dict[str, Any]) -> list[Any] | dict[str, Any]:
        """The values as a list; by name where a list would not be read as it is meant."""
        values = {name: value for name, value in node.inputs.items() if not isinstance(value, Link)}
        found = self.listed(spec, node, values)
        read = dict(SavedNode({**raw, "widgets_values": found}, self.registry).values)
        return found if all(name in read and read[name] == values[name] for name in values) else values

    def listed(self, spec: NodeSpec | None, node: Node, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the type's widgets, then, as of unknown types, in that of the file."""
        if spec is None:
            return list(values.values())
        known = {one.name for one in lay(spec, node.inputs) if has_place(one)}
        further = [value for name, value in values.items() if name not in known]
        return [*listed(spec, values, whole=bool(further)), *further]

    def link(self, id: str, node: Node, name: str, place: int, type: str) -> int | None:
        value = node.inputs.get(name)
        if not isinstance(value, Link) or value.node not in self.graph:
            return None
        number = next(self.numbers)
        source, own = value.node, id
        self.links.append([number, int(source) if _is_number(source) else source, value.slot,
                           int(own) if _is_number(own) else own, place, type])  # fmt: skip
        self.leaving.setdefault(value, []).append(number)
        return number

    def outputs(self, id: str, spec: NodeSpec | None) -> Iterator[tuple[str, str]]:
        """The outputs of the type, and as many more as wires begin at."""
        known = [(output.name, output.type) for output in spec.outputs] if spec is not None else []
        yield from known
        for _ in range(len(known), self.used.get(id, -1) + 1):
            yield "*", "*"

    def tall(self, spec: NodeSpec | None) -> int:
        texts = (
            sum(isinstance(one.widget, Text) and one.widget.multiline for one in spec.inputs) if spec else 0
        )
        return ROW * TEXT_ROWS * texts

    def place(self, nodes: Mapping[str, dict[str, Any]]) -> None:
        """Columns from left to right; within one, nodes stand near what they get their values from."""
        middle: dict[str, float] = {}
        left = 0.0
        for order, column in enumerate(layers(self.graph)):
            wanted = {id: self.wanted(id, middle) for id in column}
            top = 0.0
            for id in sorted(column, key=lambda id: wanted[id]):
                raw = nodes[id]
                top = max(top, wanted[id] - raw["size"][1] / 2 if order else top)
                raw["pos"], raw["order"] = [round(left), round(top)], order
                middle[id] = top + raw["size"][1] / 2
                top += raw["size"][1] + GAP_Y
            left += WIDTH + GAP_X

    def wanted(self, id: str, middle: Mapping[str, float]) -> float:
        heights = [middle[link.node] for _, link in self.graph[id].links if link.node in middle]
        return sum(heights) / len(heights) if heights else 0.0


def layers(graph: Graph) -> list[list[str]]:
    """The nodes in columns: each stands right of all that feed it. What is in a circle comes last."""
    waiting = {
        id: len({link.node for _, link in node.links if link.node in graph and link.node != id})
        for id, node in graph.nodes.items()
    }
    users: dict[str, list[str]] = {}
    for id, node in graph.nodes.items():
        for source in {link.node for _, link in node.links if link.node in graph and link.node != id}:
            users.setdefault(source, []).append(id)
    columns = []
    column = [id for id, number in waiting.items() if not number]
    while column:
        columns.append(column)
        following = []
        for user in (user for id in column for user in users.get(id, ())):
            waiting[user] -= 1
            if not waiting[user]:
                following.append(user)
        column = following
    rest = [id for id, number in waiting.items() if number > 0]
    return columns + ([rest] if rest else [])


def _is_number(id: str) -> bool:
    return id.isascii() and id.isdecimal() and str(int(id)) == id if len(id) < 16 else False
