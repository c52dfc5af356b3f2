"""Graph: nodes by string id, each with its literals and its links by input name.

A graph says what to compute and nothing else: no positions, no titles that matter, no file format. networkx
gives topology to whoever asks for it and stays off the way of execution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from safelight.core.error import GraphError

if TYPE_CHECKING:
    import networkx


class Link(NamedTuple):
    """The output `slot` of the node called `node`."""

    node: str
    slot: int = 0


class Node:
    """One node: its type's id, and a literal or a `Link` for each input that is set."""

    __slots__ = ("inputs", "title", "type")

    def __init__(self, type: str, inputs: Mapping[str, Any] | None = None, title: str = "") -> None:
        self.type = type
        self.inputs: dict[str, Any] = dict(inputs) if inputs else {}
        self.title = title

    def __repr__(self) -> str:
        return f"Node({self.type!r}, {self.inputs!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and (self.type, self.inputs) == (other.type, other.inputs)

    __hash__ = None  # type: ignore[assignment]

    @property
    def links(self) -> Iterator[tuple[str, Link]]:
        """The inputs that are linked, by name."""
        return ((name, value) for name, value in self.inputs.items() if isinstance(value, Link))


class Graph:
    """Nodes by id. Made once, then read; `with_inputs` gives a changed copy."""

    __slots__ = ("nodes",)

    def __init__(self, nodes: Mapping[str, Node] | None = None) -> None:
        self.nodes: dict[str, Node] = dict(nodes) if nodes else {}

    @classmethod
    def over(cls, nodes: dict[str, Node]) -> Graph:
        """A graph that shares this very dictionary, so that it sees nodes added to it later."""
        graph = cls()
        graph.nodes = nodes
        return graph

    def add(self, id: str, type: str, /, title: str = "", **inputs: Any) -> Link:
        """Add a node and return the link to its first output."""
        self.nodes[id] = Node(type, inputs, title)
        return Link(id, 0)

    def __len__(self) -> int:
        return len(self.nodes)

    def __contains__(self, id: object) -> bool:
        return id in self.nodes

    def __getitem__(self, id: str) -> Node:
        return self.nodes[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Graph) and self.nodes == other.nodes

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Graph({self.nodes!r})"

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Graph:
        """The graph of a tree from `as_tree`; GraphError if it is none."""
        try:
            return cls({str(id): _node(entry) for id, entry in tree.items()})
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise GraphError(f"a stored graph cannot be read ({error})", remedy="Queue it again.") from error

    def as_tree(self) -> dict[str, Any]:
        """As plain JSON: by id a type, a title, and inputs: `[literal]` or, for a link, `[node, slot]`."""
        return {
            id: {
                "type": node.type,
                "title": node.title,
                "inputs": {
                    name: list(value) if isinstance(value, Link) else [value]
                    for name, value in node.inputs.items()
                },
            }
            for id, node in self.nodes.items()
        }

    def with_inputs(self, changes: Mapping[tuple[str, str], Any]) -> Graph:
        """A copy in which each `(node, input)` has the given value; other nodes are shared."""
        nodes = dict(self.nodes)
        for (id, name), value in changes.items():
            old = nodes[id]
            nodes[id] = Node(old.type, {**old.inputs, name: value}, old.title)
        return Graph(nodes)

    def network(self) -> networkx.DiGraph[str]:
        """The topology: an edge from each source to each node that uses it."""
        import networkx

        network: networkx.DiGraph[str] = networkx.DiGraph()
        network.add_nodes_from(self.nodes)
        for id, node in self.nodes.items():
            network.add_edges_from((link.node, id) for _, link in node.links if link.node in self.nodes)
        return network

    def ancestors(self, ids: Iterable[str]) -> set[str]:
        """The nodes with these ids and everything that feeds them."""
        found: set[str] = set()
        waiting = [id for id in ids if id in self.nodes]
        while waiting:
            id = waiting.pop()
            if id not in found:
                found.add(id)
                waiting.extend(link.node for _, link in self.nodes[id].links if link.node in self.nodes)
        return found


def _node(tree: Mapping[str, Any]) -> Node:
    inputs = {
        name: Link(str(given[0]), int(given[1])) if len(given) == 2 else given[0]
        for name, given in tree["inputs"].items()
    }
    return Node(tree["type"], inputs, tree.get("title", ""))
