"""Validation: every problem of what a run needs, all at once, each with its place and remedy.

Nothing is changed here. Only nodes that a root demands are looked at; the same walk yields them, sources
first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from safelight.core.error import BadInput, CycleError, GraphError, MissingInput, UnknownNode, Where
from safelight.core.folder import Folders
from safelight.core.graph import Graph, Link, Node
from safelight.core.loop import Loops
from safelight.core.registry import Registry
from safelight.core.shape import shaped
from safelight.core.socket import ANY, accepts
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec
from safelight.core.widget import (
    Choice,
    File,
    Number,
    Refusal,
    Text,
    Toggle,
    Widget,
    nearest,
    shown,
    unsayable,
)

PLAIN_WIDGETS: dict[str, Widget] = {
    "INT": Number(integer=True),
    "FLOAT": Number(),
    "STRING": Text(),
    "BOOLEAN": Toggle(),
}
ABSENT: Any = object()
CYCLES_MAX = 20
"""Circles that are reported one by one; a tangled graph has more of them than anyone wants to read."""


@dataclass(slots=True)
class Validated:
    """What a walk found: demanded nodes with their specs, sources first, and all problems."""

    order: list[tuple[str, Node, NodeSpec]] = field(default_factory=list)
    problems: list[GraphError] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def unplugged(type: str, value: Any) -> Refusal:
    """Say why a literal is not acceptable where usually a wire brings a value of a type; None if it is."""
    if type == ANY:
        return unsayable(value)
    kinds = [PLAIN_WIDGETS[part] for part in type.split(",") if part in PLAIN_WIDGETS]
    refusals = [kind.refusal(value) for kind in kinds]
    if not refusals:
        return f"takes {type} from a wire but holds {shown(value)}", f"Connect {_output(type)} to it."
    return None if None in refusals else refusals[0]


def _output(type: str) -> str:
    return f"{'an' if type[:1] in 'AEIOU' else 'a'} {type} output"


def roots_of(graph: Graph, registry: Registry) -> list[str]:
    """The nodes that are run for their effect, in the graph's order."""
    known = {spec.id for spec in registry if spec.effect}
    return [id for id, node in graph.nodes.items() if node.type in known]


def validate(
    graph: Graph, registry: Registry, roots: Iterable[str], folders: Folders | None = None
) -> Validated:
    """Check the roots and everything that feeds them."""
    walk = Walk(graph, registry, folders)
    for root in roots:
        walk.down_from(root)
    return walk.found


class Walk:
    """A depth-first walk; an explicit stack, so that depth costs nothing.

    It can be taken up again for nodes that were added meanwhile: only those are checked then.
    """

    def __init__(self, graph: Graph, registry: Registry, folders: Folders | None) -> None:
        self.nodes = graph.nodes
        self.registry = registry
        self.folders = folders
        self.found = Validated()
        self.entered: dict[str, bool] = {}
        self.wired: set[tuple[str, int, str]] = set()
        self.options: dict[int, frozenset[str]] = {}
        self.cycles = 0
        self.later: list[str] = []
        """The ends of loops that the walk came into."""

    @cached_property
    def loops(self) -> Loops:
        """The loops of the graph, as it was when they were first asked for."""
        return Loops(self.nodes, self.registry)

    def down_from(self, root: str) -> None:
        """Check a node, what feeds it, and the loops that any of these stand in, to their ends."""
        self.descend(root)
        while self.later:
            self.descend(self.later.pop())

    def descend(self, root: str) -> None:
        """Check a node and what feeds it."""
        if root not in self.nodes:
            where = Where(node=root)
            self.found.problems.append(
                GraphError("there is no such node", where=where, remedy=nearest(root, self.nodes))
            )
            return
        entered, order, nodes, find = self.entered, self.found.order, self.nodes, self.registry.find
        if root in entered:
            return
        stack = [root]
        while stack:
            id = stack[-1]
            open_ = entered.get(id)
            if open_ is None:
                entered[id] = True
                node = nodes[id]
                spec = find(node.type)
                if spec is None:
                    self.unknown(id, node)
                    continue
                self.check(id, node, shaped(spec, node.inputs), stack)
                if self.loops.ids:
                    self.check_loop(id)
            else:
                stack.pop()
                if open_:
                    entered[id] = False
                    node = nodes[id]
                    spec = find(node.type)
                    if spec is not None:
                        order.append((id, node, shaped(spec, node.inputs)))

    def extend(self, roots: Iterable[str]) -> list[GraphError]:
        """Check nodes that were added to the graph meanwhile; returns the new problems."""
        before = len(self.found.problems)
        for root in roots:
            self.down_from(root)
        return self.found.problems[before:]

    def take_order(self) -> list[tuple[str, Node, NodeSpec]]:
        """The nodes found since this was last asked, sources first."""
        order, self.found.order = self.found.order, []
        return order

    def check(self, id: str, node: Node, spec: NodeSpec, stack: list[str]) -> None:
        """Check each input of a node, and put its sources on the stack."""
        inputs, entered = node.inputs, self.entered
        known = 0
        for one in spec.inputs:
            value = inputs.get(one.name, ABSENT)
            if value is ABSENT:
                if one.default is REQUIRED or one.widget.__class__ is File:
                    self.absent(id, node, one)
                continue
            known += 1
            if value.__class__ is Link:
                source = value[0]
                wire = (self.nodes[source].type if source in self.nodes else "", value[1], one.type)
                if wire not in self.wired and not self.check_wire(id, node, one, value, wire):
                    continue
                state = entered.get(source)
                if state is None:
                    stack.append(source)
                elif state:
                    self.cycle(id, node, one, source, stack)
            else:
                refusal = self.refusal(one, value)
                if refusal is not None:
                    self.refuse(id, node, one, refusal)
        if known < len(inputs):
            self.surplus(id, node, spec)

    def check_loop(self, id: str) -> None:
        """Tell what is wrong with the loop that a node stands in; its end is to be walked to as well."""
        if id in self.loops.problems:
            self.found.problems.append(self.loops.problems[id])
        if id in self.loops.pairs:
            self.later.append(self.loops.pairs[id])

    def refusal(self, one: InputSpec, value: Any) -> Refusal:
        """Say why a literal is not acceptable for an input, or None; where None is the default, it is."""
        if value is None and one.default is None:
            return None
        widget = one.widget
        if widget is None:
            return unplugged(one.type, value)
        if widget.__class__ is Choice and isinstance(value, str):
            options = self.options.get(id(widget))
            if options is None:
                options = self.options[id(widget)] = frozenset(widget.options)
            if value in options:
                return None
        refusal = widget.refusal(value)
        if refusal is None and widget.__class__ is File and self.folders is not None:
            return self.file(widget.kind, value)
        return refusal

    def file(self, kind: str, name: str) -> Refusal:
        assert self.folders is not None
        try:
            self.folders.find(kind, name)
        except BadInput as error:
            return error.problem, error.remedy
        return None

    def check_wire(self, id: str, node: Node, one: InputSpec, link: Link, wire: tuple[str, int, str]) -> bool:
        """Check that a link's source exists, has the slot and gives what the input takes."""
        source = self.nodes.get(link.node)
        if source is None:
            problem = f"is linked to node '{link.node}', which does not exist"
            self.refuse(id, node, one, (problem, f"Connect {_output(one.type)} to it."))
            return False
        spec = self.registry.find(source.type)
        if spec is None:
            return True  # the source is reported as unknown; whether it fits cannot be told
        if not isinstance(link.slot, int) or not 0 <= link.slot < len(spec.outputs):
            problem = (
                f"is linked to output {link.slot} of node '{link.node}' ({spec.id}), which has {_count(spec)}"
            )
            self.refuse(id, node, one, (problem, "Connect one of the outputs that it has."))
            return False
        given = spec.outputs[link.slot].type
        if not accepts(one.type, given):
            problem = f"takes {one.type} but node '{link.node}' gives {given}"
            self.refuse(id, node, one, (problem, f"Connect {_output(one.type)} instead."))
            return True
        self.wired.add(wire)
        return True

    def unknown(self, id: str, node: Node) -> None:
        where = Where(node=id, type=node.type, title=node.title)
        remedy = self.registry.suggestion(node.type)
        self.found.problems.append(UnknownNode(self.registry.problem(node.type), where=where, remedy=remedy))

    def absent(self, id: str, node: Node, one: InputSpec) -> None:
        """Check an input that is not set: whether it may be, and whether its default file exists."""
        if one.default is not REQUIRED:
            refusal = None if one.default is None else self.refusal(one, one.default)
            if refusal is not None:
                self.refuse(id, node, one, refusal)
        elif one.required:
            self.missing(id, node, one)

    def missing(self, id: str, node: Node, one: InputSpec) -> None:
        where = Where(node=id, type=node.type, input=one.name, title=node.title)
        wired = one.widget is None
        problem = "nothing is connected" if wired else "it has no value"
        remedy = f"Connect {_output(one.type)} to it." if wired else "Set it in the node."
        self.found.problems.append(MissingInput(problem, where=where, remedy=remedy))

    def refuse(self, id: str, node: Node, one: InputSpec, refusal: tuple[str, str]) -> None:
        where = Where(node=id, type=node.type, input=one.name, title=node.title)
        self.found.problems.append(BadInput(problem=refusal[0], remedy=refusal[1], where=where))

    def cycle(self, id: str, node: Node, one: InputSpec, source: str, stack: Sequence[str]) -> None:
        """Report the way from `source` back to itself, in the direction in which values flow.

        A node can stand on the stack twice; it was entered where it stands highest.
        """
        self.cycles += 1
        if self.cycles > CYCLES_MAX:
            return
        above = list(dict.fromkeys(step for step in reversed(stack) if self.entered.get(step)))
        path = [source, *above[: above.index(source) + 1]]
        where = Where(node=id, type=node.type, input=one.name, title=node.title)
        self.found.problems.append(CycleError(path, where=where))

    def surplus(self, id: str, node: Node, spec: NodeSpec) -> None:
        for name in node.inputs:
            if name not in spec.by_name:
                where = Where(node=id, type=node.type, input=name, title=node.title)
                self.found.notices.append(f"{where}: {spec.id} has no such input, so it is ignored.")


def _count(spec: NodeSpec) -> str:
    count = len(spec.outputs)
    return f"{count} output{'' if count == 1 else 's'}" if count else "no outputs"
