"""Document to Graph: one way. What only editors have is resolved, and each value gets its input's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from safelight.compat.document import Document
from safelight.compat.notice import Notice
from safelight.compat.prompt import from_prompt
from safelight.compat.saved import SavedNode
from safelight.compat.sheet import Given, Origin, Sheet
from safelight.compat.trace import Nothing, Tracer
from safelight.compat.unknown import Unknown
from safelight.core.graph import Graph, Link, Node
from safelight.core.registry import Registry
from safelight.core.shape import lay
from safelight.core.spec import REQUIRED, InputSpec
from safelight.core.widget import Choice, Variant

NAMELESS = (
    "its type is not known here, and the file does not say which of its values is which, so they are not "
    "passed on; they stay in the file"
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where on the canvas a node of the graph comes from.

    The node that a person sees, and per input the node and the input at which its value is entered, where
    that is another one (a primitive node, a subgraph's own input).
    """

    node: str
    title: str
    inputs: Mapping[str, tuple[str, str]]


class Conversion(NamedTuple):
    """A graph, what was read with tolerance on the way, and by node id where each node comes from."""

    graph: Graph
    notices: list[Notice]
    provenance: dict[str, Provenance]


def to_graph(document: Document, registry: Registry) -> Conversion:
    """The graph that a document means.

    Nodes of unknown types are kept, so that validation names those that are needed. Raises DocumentError for
    subgraphs that have no end.
    """
    if document.dialect == "api":
        graph = from_prompt(document.tree)
        return Conversion(graph, [], {id: Provenance(id, node.title, {}) for id, node in graph.nodes.items()})
    return _Converter(Sheet(document, registry), Unknown(document)).run()


class _Converter:
    """Makes one graph from one sheet."""

    def __init__(self, sheet: Sheet, unknown: Unknown) -> None:
        self.sheet = sheet
        self.unknown = unknown
        self.tracer = Tracer(sheet)
        self.notices = sheet.notices
        self.provenance: dict[str, Provenance] = {}
        self.held: dict[str, list[str]] = {}
        for id, name in sheet.held:
            self.held.setdefault(id, []).append(name)

    def run(self) -> Conversion:
        nodes: dict[str, Node] = {}
        for id, node in self.sheet.nodes.items():
            if not (node.virtual or node.muted or node.bypassed or id in self.sheet.opened):
                inputs, entered = self._inputs(id, node)
                nodes[id] = Node(node.type, inputs, node.title)
                origin: Origin = self.sheet.origins[id]
                self.provenance[id] = Provenance(origin.node, origin.title, entered)
        return Conversion(Graph(nodes), self.notices, self.provenance)

    def _inputs(self, id: str, node: SavedNode) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
        inputs = self._values(node)
        entered: dict[str, tuple[str, str]] = {}
        for name in self.held.get(id, ()):
            given = self.sheet.held[id, name]
            inputs[name] = given.value
            entered[name] = (given.node, given.input)
        for place, socket in enumerate(self.sheet.inputs(id)):
            wire = self.sheet.wire(id, place)
            if wire is None:
                continue
            match self.tracer.trace(wire, socket.type):
                case Link() as link:
                    inputs[socket.name] = link
                case Given(value, source, input):
                    inputs[socket.name] = value
                    entered[socket.name] = (source, input)
                case Nothing(reason) if reason:
                    stored = "; the value stored in the node is used" if socket.name in inputs else ""
                    self._tell(node, socket.name, f"{reason}{stored}")
        return inputs, entered

    def _values(self, node: SavedNode) -> dict[str, Any]:
        if node.spec is None:
            if self.unknown.lost(node):
                self._tell(node, None, NAMELESS)
            return self.unknown.values(node)
        values = node.values
        told = self.unknown.otherwise(node) or values
        found: dict[str, Any] = {}
        for one in lay(node.spec, told):
            if one.name in told:
                found[one.name] = told[one.name]
            elif one.name in values.names and (default := _default(one)) is not REQUIRED:
                found[one.name] = default
        further = {name: value for name, value in told.items() if name not in found}
        return found | further

    def _tell(self, node: SavedNode, name: str | None, problem: str) -> None:
        self.notices.append(Notice(problem, replace(node.where, input=name)))


def _default(one: InputSpec) -> Any:
    """What stands in for a value that the file lacks; REQUIRED if nothing can."""
    if one.default is None:
        return REQUIRED
    if one.default is REQUIRED and isinstance(one.widget, Choice) and one.widget.options:
        return one.widget.options[0]
    if one.default is REQUIRED and isinstance(one.widget, Variant):
        return next(iter(one.widget.of), REQUIRED)
    return one.default
