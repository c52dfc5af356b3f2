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


def trace(sheet: Sheet, wire: Wire, wanted: str) -> Arrival:
    """Follow a wire back from an input that wants the type `wanted` to the output or value that it gets."""
    passed: set[Wire] = set()
    while wire not in passed:
        passed.add(wire)
        node = sheet.nodes.get(wire.node)
        if node is None:
            return Nothing("its wire comes from a node that is not in the file")
        if node.muted:
            return Nothing(f"its source, node '{node.id}', is muted")
        if node.virtual and node.type == "PrimitiveNode":
            return _given(node)
        place = _way_through(sheet, node, wire.slot, wanted)
        if place is None:
            return Link(node.id, wire.slot)
        if place < 0:
            return Nothing(f"its source, node '{node.id}', is bypassed and has no input of its type")
        following = sheet.wire(node.id, place)
        if following is None:
            return Nothing(f"nothing is connected to node '{node.id}', through which it would get its value")
        wire = following
    return Nothing("its wire leads in a circle")


def _given(node: SavedNode) -> Arrival:
    values = node.values
    if "value" not in values:
        return Nothing(f"the primitive node '{node.id}' holds no value")
    return Given(values["value"], node.id)


def _way_through(sheet: Sheet, node: SavedNode, slot: int, wanted: str) -> int | None:
    """The input through which a node passes what its output `slot` gives.

    -1 if none fits, None if it computes.
    """
    if node.virtual:
        return 0
    return _bypass(sheet.inputs(node.id), node.outputs, slot, wanted) if node.bypassed else None


def _bypass(inputs: list[SavedSocket], outputs: list[SavedSocket], slot: int, wanted: str) -> int:
    """The input that stands in for an output of a bypassed node: the one beside it, else one of its type."""
    if not inputs:
        return -1
    if wanted == ANY:
        return slot if slot < len(inputs) else 0
    own = outputs[slot].type if slot < len(outputs) else ANY
    if slot < len(inputs) and accepts(inputs[slot].type, own) and accepts(wanted, inputs[slot].type):
        return slot
    same = [place for place, one in enumerate(inputs) if one.type == wanted]
    fitting = [place for place, one in enumerate(inputs) if accepts(wanted, one.type)]
    return (same or fitting or [-1])[0]
