"""Sheet: the nodes of an editor file side by side, and for each input socket the wire that ends there.

Subgraphs and group nodes are laid open here: their nodes stand beside the others, called `outer:inner`. What
stands after this (tracing, conversion) sees nodes by id, and wires between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from safelight.compat.broadcast import Drawing, broadcasts
from safelight.compat.definition import OUTPUT_NODE, Definition
from safelight.compat.document import Document
from safelight.compat.group import Groups
from safelight.compat.loose import loose_wires
from safelight.compat.notice import Notice
from safelight.compat.saved import LinkId, SavedNode, SavedSocket, id_text
from safelight.compat.unknown import in_order
from safelight.compat.wire import SavedLink, links_of, links_of_outputs
from safelight.core.error import NOWHERE, DocumentError
from safelight.core.registry import Registry

MOST_NODES = 100_000
"""The most nodes that a file may come to when it is laid open: subgraphs inside each other multiply."""


class Wire(NamedTuple):
    """Where a wire begins: a node's id and its output slot."""

    node: str
    slot: int


class Given(NamedTuple):
    """A value, and the node and the input at which a person enters it."""

    value: Any
    node: str
    input: str = "value"


class Origin(NamedTuple):
    """Where a node of the graph stands on the canvas: the id and the title of the node that a person sees."""

    node: str
    title: str


@dataclass(frozen=True, slots=True)
class _Scope:
    """One drawing to be laid out: the file itself, or what is inside one instance of a subgraph.

    `raw` is the JSON that holds it.
    """

    prefix: str
    nodes: Iterable[dict[str, Any]]
    links: Iterable[SavedLink]
    raw: Mapping[str, Any]
    above: tuple[str, ...] = ()
    origin: Origin | None = None


LOOSE = Wire("", 0)
"""A wire that the file names but does not have."""


class Sheet:
    """Nodes by id; `opened` are those that stand for a subgraph, whose inner nodes are here too.

    `held` has the values that are entered at another node's place: by node and input, and for the input of a
    subgraph by its instance.
    """

    def __init__(self, document: Document, registry: Registry) -> None:
        """Lay a document out; DocumentError if a subgraph contains itself or there is no end of them."""
        self.notices: list[Notice] = []
        self.nodes: dict[str, SavedNode] = {}
        self.origins: dict[str, Origin] = {}
        self.opened: dict[str, Definition] = {}
        self.borders: dict[str, str] = {}
        self.held: dict[tuple[str, str], Given] = {}
        self._registry = registry
        self._definitions = {id: Definition(raw) for id, raw in document.definitions().items()}
        self._groups = Groups(document.tree, registry)
        self._wires: dict[str, dict[LinkId, Wire]] = {}
        self._exits: dict[str, dict[int, Wire]] = {}
        self._inputs: dict[str, list[SavedSocket]] = {}
        self._prefixes: dict[str, str] = {}
        self._sent: dict[tuple[str, int], Wire] = {}
        self._tell_twice(document)
        self._ordered = in_order(document.tree)
        self._lay(_Scope("", document.tree["nodes"], _root_links(document.tree), document.tree))

    def inputs(self, id: str) -> list[SavedSocket]:
        """The input sockets of the node `id`."""
        if id not in self._inputs:
            self._inputs[id] = self.nodes[id].inputs
        return self._inputs[id]

    def wire(self, id: str, place: int) -> Wire | None:
        """The wire that ends at the input socket number `place` of the node `id`, drawn or not.

        What the socket says counts.
        """
        sockets = self.inputs(id)
        link = sockets[place].link if 0 <= place < len(sockets) else None
        if link is None:
            return self._sent.get((id, place))
        return self._wires[self._prefixes[id]].get(link, LOOSE)

    def exit(self, id: str, slot: int) -> Wire | None:
        """The inner wire that leads to an output of the subgraph at the node `id`."""
        return self._exits[id].get(slot)

    def border(self, border: str, slot: int) -> tuple[str, str, Wire | None]:
        """What an input of a subgraph stands for: the instance, the name, the wire that ends there."""
        id = self.borders[border]
        inputs = self.opened[id].inputs
        name = inputs[slot].name if slot < len(inputs) else ""
        places = [place for place, socket in enumerate(self.inputs(id)) if socket.name == name]
        return id, name, self.wire(id, places[0]) if places else None

    def prefix(self, id: str) -> str:
        """What the ids of the nodes beside the node `id` begin with."""
        return self._prefixes[id]

    def _tell_twice(self, document: Document) -> None:
        """Tell of subgraphs that have one id: only the last of them can be meant."""
        first: dict[str, dict[str, Any]] = {}
        for raw in document.definition_entries():
            before = first.setdefault(raw["id"], raw)
            if before != raw:
                names = f"'{before.get('name') or raw['id']}' and '{raw.get('name') or raw['id']}'"
                text = f"the subgraphs {names} have one id, '{raw['id']}'; the last of them counts"
                self.notices.append(Notice(text))

    def _lay(self, root: _Scope) -> None:
        waiting = [root]
        while waiting:
            scope = waiting.pop()
            self._wires[scope.prefix] = {
                link.id: Wire(f"{scope.prefix}{link.origin}", link.origin_slot) for link in scope.links
            }
            beside = []
            for raw in scope.nodes:
                node = SavedNode(raw, self._registry, f"{scope.prefix}{id_text(raw.get('id'))}")
                if self._add(node, scope):
                    beside.append(node)
                    definition = self._definition(node)
                    if definition is not None:
                        waiting.append(self._open(node, definition, scope))
            self._send(scope, beside)
            self._mend(scope, beside)

    def _mend(self, scope: _Scope, nodes: list[SavedNode]) -> None:
        """Connect the wires that only the drawing's list has, and tell of those that lead nowhere."""
        within = self._definitions.get(scope.above[-1]) if scope.above else None
        if scope.above and within is None:
            return  # a group node's drawing is made here
        raws = {node.id.removeprefix(scope.prefix): node.raw for node in nodes}
        loose = loose_wires(raws, scope.links, within)
        for (target, place), link in loose.mended.items():
            id = f"{scope.prefix}{target}"
            self._sent[id, place] = Wire(f"{scope.prefix}{link.origin}", link.origin_slot)
            where = replace(self.nodes[id].where, input=self.inputs(id)[place].name)
            text = f"only the file's list of wires says that node '{link.origin}' feeds it; it was connected"
            self.notices.append(Notice(text, where))
        if loose.left:
            around = self.nodes[scope.prefix.removesuffix(":")].where if scope.prefix else NOWHERE
            self.notices.append(Notice(loose.told(), around))

    def _send(self, scope: _Scope, nodes: list[SavedNode]) -> None:
        """Note the wires of a drawing that nodes stand for which send to everywhere."""
        links = {link.id: link for link in scope.links}
        sent = broadcasts(Drawing(nodes, links, scope.raw, self._ordered))
        for (target, place), (origin, slot) in sent.items():
            wire = Wire(f"{scope.prefix}{origin}", slot)
            if target == str(OUTPUT_NODE) and scope.prefix:
                self._exits[scope.prefix.removesuffix(":")].setdefault(place, wire)
            else:
                self._sent[f"{scope.prefix}{target}", place] = wire

    def _add(self, node: SavedNode, scope: _Scope) -> bool:
        if node.id in self.nodes:
            self.notices.append(Notice("another node has the same id; this one was left out", node.where))
            return False
        if len(self.nodes) >= MOST_NODES:
            raise DocumentError(
                f"with its subgraphs laid open it has more than {MOST_NODES} nodes",
                remedy="Look for subgraphs that are inside each other many times.",
            )
        self.nodes[node.id] = node
        self._prefixes[node.id] = scope.prefix
        self.origins[node.id] = scope.origin or Origin(node.id, node.title)
        return True

    def _definition(self, node: SavedNode) -> Definition | None:
        if node.muted or node.bypassed or node.spec is not None:
            return None
        return self._definitions.get(node.type) or self._groups.definition(node)

    def _open(self, node: SavedNode, definition: Definition, scope: _Scope) -> _Scope:
        if definition.id in scope.above:
            raise DocumentError(
                f"the subgraph '{definition.name}' contains itself",
                where=node.where,
                remedy="Remove it from itself in the editor.",
            )
        prefix = f"{node.id}:"
        self.opened[node.id] = definition
        self.borders[f"{prefix}{definition.entry}"] = node.id
        self._exits[node.id] = {
            link.target_slot: Wire(f"{prefix}{link.origin}", link.origin_slot)
            for link in definition.links
            if link.target == definition.exit
        }
        self._hold(node, definition)
        self._tell_unknown(node, definition)
        origin = scope.origin or Origin(node.id, node.title or definition.name)
        inner = [raw for raw in definition.nodes.values() if isinstance(raw.get("type"), str)]
        return _Scope(prefix, inner, definition.links, definition.raw, (*scope.above, definition.id), origin)

    def _tell_unknown(self, node: SavedNode, definition: Definition) -> None:
        """Tell of wires to inputs that the subgraph does not have: nothing inside gets what they bring."""
        known = {one.name for one in definition.inputs}
        for socket in self.inputs(node.id):
            if socket.link is not None and socket.name not in known:
                text = f"'{definition.name}' has no input '{socket.name}'; what is wired to it was left out"
                self.notices.append(Notice(text, node.where))

    def _hold(self, node: SavedNode, definition: Definition) -> None:
        """Note the values of inner nodes that this instance holds; what is entered further out counts.

        Further out, a value may be called as it is here or as it is inside, unless another is called so here.
        """
        stored = node.raw.get("widgets_values")
        promoted = definition.promoted(node.raw)
        names = {one.name for one in promoted}
        called = {one: [one.name, *({one.input} - names)] for one in promoted}
        outside = {one: [self.held.get((node.id, name)) for name in called[one]] for one in promoted}
        for one in promoted:
            given = next(filter(None, outside[one]), None)
            if given is None:
                value = _stored(stored, one.place, one.name)
                given = None if value is None else Given(value, node.id, one.name)
            if given is not None:
                inner = (node.id, f"{one.through}") if one.through else (f"{node.id}:{one.node}", one.input)
                self.held[inner] = given


def _stored(values: Any, place: int, name: str) -> Any:
    if isinstance(values, dict):
        return values.get(name)
    return values[place] if isinstance(values, list) and place < len(values) else None


def _root_links(tree: Mapping[str, Any]) -> list[SavedLink]:
    """The wires of the file itself; a file without a list of them has them in the nodes' outputs."""
    listed = isinstance(tree.get("links"), (list, dict))
    return list(links_of(tree) if listed else links_of_outputs(tree["nodes"]))
