"""Tracing: what an input really gets, through reroutes, primitives, borders and nodes switched off."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from safelight.compat.layout import GETTERS, SETTERS
from safelight.compat.saved import SavedNode, SavedSocket
from safelight.compat.sheet import LOOSE, Given, Sheet, Wire
from safelight.core.graph import Link
from safelight.core.socket import ANY, accepts


class Nothing(NamedTuple):
    """No value arrives, and why; without a reason, nothing was ever meant to."""

    reason: str = ""


Arrival: TypeAlias = Link | Given | Nothing

CIRCLE = Nothing("its wire leads in a circle")


class Tracer:
    """Follows wires on one sheet. What was found for a wire is kept, so that long chains are walked once."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._found: dict[tuple[Wire, str], Arrival] = {}
        self._setters: dict[tuple[str, str], str] = {}
        for id, node in sheet.nodes.items():
            if node.virtual and node.type in SETTERS:
                self._setters.setdefault((sheet.prefix(id), _name(node)), id)

    def trace(self, wire: Wire, wanted: str) -> Arrival:
        """Follow a wire back from an input of the type `wanted` to the output or value that it gets."""
        passed: list[tuple[Wire, str]] = []
        found: Arrival | None = None
        while found is None:
            passed.append((wire, wanted))
            step = self._found.get(passed[-1]) or self._step(wire, wanted)
            self._found[passed[-1]] = CIRCLE
            if isinstance(step, Wire):
                wire = step
            else:
                found = step
        for place in reversed(passed):
            if isinstance(found, Nothing):
                found = self._held(place[0]) or found
            self._found[place] = found
        return found

    def _held(self, wire: Wire) -> Given | None:
        """The value that a subgraph's instance holds for the input that a wire comes from."""
        if wire.node not in self.sheet.borders:
            return None
        id, name, _ = self.sheet.border(wire.node, wire.slot)
        return self.sheet.held.get((id, name))

    def _step(self, wire: Wire, wanted: str) -> Wire | Arrival:
        """The wire before this one, or what this one brings."""
        if wire.node in self.sheet.borders:
            return self.sheet.border(wire.node, wire.slot)[2] or Nothing()
        node = self.sheet.nodes.get(wire.node)
        if wire == LOOSE:
            return Nothing("the file does not list its wire, so where that comes from is not known")
        if node is None:
            return Nothing("its wire comes from a node that is not in the file")
        if node.id in self.sheet.opened:
            loose = Nothing(f"nothing inside the subgraph '{node.id}' leads to its output {wire.slot}")
            return self.sheet.exit(node.id, wire.slot) or loose
        if node.muted:
            return Nothing(f"its source, node '{node.id}', is muted")
        if node.virtual and node.type == "PrimitiveNode":
            return _given(node)
        if not (node.virtual or node.bypassed):
            return Link(node.id, wire.slot)
        return self._through(node, wire, wanted)

    def _through(self, node: SavedNode, wire: Wire, wanted: str) -> Wire | Arrival:
        """The wire that goes on at the other side of a node that lets through."""
        if node.virtual and node.type in GETTERS and not node.bypassed:
            setter = self._setter(node)
            if setter is None:
                return Nothing(f"nothing sets '{_name(node)}', which node '{node.id}' gets")
            node = self.sheet.nodes[setter]
        sockets = self.sheet.inputs(node.id)
        place = 0 if node.virtual and not node.bypassed else _bypass(sockets, node.outputs, wire.slot, wanted)
        if place is None:
            return Nothing(f"its source, node '{node.id}', is bypassed and has no input of its type")
        open_end = Nothing(f"nothing is connected to node '{node.id}', through which it would get its value")
        return self.sheet.wire(node.id, place) or open_end

    def _setter(self, node: SavedNode) -> str | None:
        """The node that sets what this one gets: beside it, else further out."""
        prefix, name = self.sheet.prefix(node.id), _name(node)
        while (prefix, name) not in self._setters:
            if not prefix:
                return None
            prefix = self.sheet.prefix(prefix.removesuffix(":"))
        return self._setters[prefix, name]


def _name(node: SavedNode) -> str:
    return str(node.values.get("name", ""))


def _given(node: SavedNode) -> Arrival:
    values = node.values
    if "value" not in values:
        return Nothing(f"the primitive node '{node.id}' holds no value")
    return Given(values["value"], node.id)


def _bypass(inputs: list[SavedSocket], outputs: list[SavedSocket], slot: int, wanted: str) -> int | None:
    """The input that stands in for an output of a bypassed node: the one beside it, else one of its type."""
    if wanted == ANY:
        return slot if slot < len(inputs) else 0
    own = outputs[slot].type if slot < len(outputs) else ANY
    if slot < len(inputs) and accepts(inputs[slot].type, own) and accepts(wanted, inputs[slot].type):
        return slot
    same = [place for place, one in enumerate(inputs) if one.type == wanted]
    fitting = [place for place, one in enumerate(inputs) if accepts(wanted, one.type)]
    return next(iter(same or fitting), None)
