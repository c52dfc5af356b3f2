"""Tracing: what an input really gets, through reroutes, primitives, muted and bypassed nodes."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from safelight.compat.saved import SavedNode, SavedSocket
from safelight.compat.sheet import Sheet, Wire
from safelight.core.graph import Link
from safelight.core.socket import ANY, accepts


class Given(NamedTuple):
    """A value that a primitive node holds for the inputs wired to it."""

    value: Any
    node: str


class Nothing(NamedTuple):
    """No value arrives, and why."""

    reason: str


Arrival: TypeAlias = Link | Given | Nothing

CIRCLE = Nothing("its wire leads in a circle")


class Tracer:
    """Follows wires on one sheet. What was found for a wire is kept, so that long chains are walked once."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._found: dict[tuple[Wire, str], Arrival] = {}

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
        self._found.update(dict.fromkeys(passed, found))
        return found

    def _step(self, wire: Wire, wanted: str) -> Wire | Arrival:
        """The wire before this one, or what this one brings."""
        node = self.sheet.nodes.get(wire.node)
        if node is None:
            return Nothing("its wire comes from a node that is not in the file")
        if node.muted:
            return Nothing(f"its source, node '{node.id}', is muted")
        if node.virtual and node.type == "PrimitiveNode":
            return _given(node)
        if not (node.virtual or node.bypassed):
            return Link(node.id, wire.slot)
        sockets = self.sheet.inputs(node.id)
        place = 0 if node.virtual else _bypass(sockets, node.outputs, wire.slot, wanted)
        if place is None:
            return Nothing(f"its source, node '{node.id}', is bypassed and has no input of its type")
        open_end = Nothing(f"nothing is connected to node '{node.id}', through which it would get its value")
        return self.sheet.wire(node.id, place) or open_end


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
