"""Definition: a subgraph as a file defines it, and the values of inner nodes that its instances show.

Files have two ways to say which values those are. Older ones list them at the instance (`proxyWidgets`); in
newer ones each is an input of the subgraph that leads to a widget within.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from safelight.compat.saved import id_text, link_id, objects, type_name
from safelight.compat.wire import SavedLink, links_of

INPUT_NODE, OUTPUT_NODE = -10, -20
PREVIEW = "$$"
"""What the names of things begin with that are shown on an instance and are no values."""


class Border(NamedTuple):
    """An input or an output of a subgraph."""

    name: str
    type: str
    label: str


class Promoted(NamedTuple):
    """A value of an inner node that is entered at the instance.

    `name` is what it is called there; `node` and `input` say whose it is; `through` is the input by
    which it gets there, if by one; `place` is where the instance's `widgets_values` has it.
    """

    name: str
    label: str
    node: str
    input: str
    through: str | None
    place: int


class Definition:
    """A view on the JSON of one subgraph; `filled` if the inner nodes have the instance's values already."""

    def __init__(self, raw: dict[str, Any], filled: bool = False) -> None:
        self.raw = raw
        self.filled = filled
        self.id = str(raw.get("id"))
        self.name = str(raw.get("name") or self.id)

    @cached_property
    def inputs(self) -> list[Border]:
        """The inputs, in order."""
        return _borders(self.raw.get("inputs"))

    @cached_property
    def outputs(self) -> list[Border]:
        """The outputs, in order."""
        return _borders(self.raw.get("outputs"))

    @cached_property
    def entry(self) -> str:
        """The id by which inner wires call the subgraph's own inputs."""
        return _border_id(self.raw.get("inputNode"), INPUT_NODE)

    @cached_property
    def exit(self) -> str:
        """The id by which inner wires call the subgraph's own outputs."""
        return _border_id(self.raw.get("outputNode"), OUTPUT_NODE)

    @cached_property
    def nodes(self) -> dict[str, dict[str, Any]]:
        """The inner nodes by id; the first of each id counts."""
        found: dict[str, dict[str, Any]] = {}
        for node in objects(self.raw.get("nodes")):
            found.setdefault(id_text(node.get("id")), node)
        return found

    @cached_property
    def links(self) -> list[SavedLink]:
        """The inner wires."""
        return list(links_of(self.raw))

    @cached_property
    def shown(self) -> dict[str, tuple[str, str]]:
        """Inputs that lead to a widget, by name, in order: the inner node and the widget's name there."""
        by_slot: dict[int, list[SavedLink]] = {}
        for link in self.links:
            if link.origin == self.entry:
                by_slot.setdefault(link.origin_slot, []).append(link)
        found: dict[str, tuple[str, str]] = {}
        for slot, border in enumerate(self.inputs):
            ends = (self._widget(link) for link in by_slot.get(slot, ()))
            end = next((end for end in ends if end is not None), None)
            if end is not None:
                found.setdefault(border.name, end)
        return found

    def _widget(self, link: SavedLink) -> tuple[str, str] | None:
        """The widget at the end of a wire: its node and its name."""
        sockets = self.nodes.get(link.target, {}).get("inputs")
        sockets = [one for one in sockets if isinstance(one, dict)] if isinstance(sockets, list) else []
        named = [one for one in sockets if link_id(one.get("link")) == link.id]
        if not named and 0 <= link.target_slot < len(sockets):
            named = [sockets[link.target_slot]]
        widget = named[0].get("widget") if named else None
        name = widget.get("name") if isinstance(widget, dict) else None
        return (link.target, name) if isinstance(name, str) else None

    def promoted(self, instance: dict[str, Any]) -> list[Promoted]:
        """The values that this instance shows, in the order in which it lists them."""
        if self.filled:
            return []
        listed = proxies(instance)
        return list(self._listed(listed) if listed else self._followed())

    def _followed(self) -> Iterator[Promoted]:
        labels = {border.name: border.label for border in self.inputs}
        for place, (name, (node, input)) in enumerate(self.shown.items()):
            yield Promoted(name, labels[name] or name, node, input, name, place)

    def _listed(self, entries: list[Any]) -> Iterator[Promoted]:
        names = [entry[1] for entry in entries]
        for place, (node, name, *_) in enumerate(entries):
            if name.startswith(PREVIEW):
                continue
            called = name if names.count(name) == 1 else f"{node}.{name}"
            if node == "-1":
                inner = self.shown.get(name)
                if inner is not None:
                    yield Promoted(called, name, *inner, name, place)
            else:
                yield Promoted(called, name, node, name, None, place)


def innermost(
    definition: Definition, node: str, input: str, definitions: Mapping[str, Definition]
) -> tuple[str, str]:
    """The way to the node that has the widget itself, through subgraphs inside, and the widget's name."""
    *_, (_, way, name) = _inwards(definition, node, input, definitions)
    return way, name


def widget_of(
    definition: Definition, node: str, input: str, definitions: Mapping[str, Definition]
) -> tuple[str, str]:
    """The type of the node that has the widget itself, and the widget's name."""
    *_, (type, _, name) = _inwards(definition, node, input, definitions)
    return type, name


def _inwards(
    definition: Definition, node: str, input: str, definitions: Mapping[str, Definition]
) -> Iterator[tuple[str, str, str]]:
    """Type, way and widget's name at each step into the subgraphs."""
    way = node
    for _ in range(len(definitions) + 1):
        raw = definition.nodes.get(node, {})
        type = str(raw.get("type"))
        yield type, way, input
        inside = definitions.get(type)
        shown = [] if inside is None else inside.promoted(raw)
        ends = {one.input: (one.node, one.input) for one in shown}
        ends |= {one.name: (one.node, one.input) for one in shown}
        if inside is None or input not in ends:
            return
        definition, (node, input) = inside, ends[input]
        way = f"{way}:{node}"


def proxies(instance: dict[str, Any]) -> list[list[str]]:
    """The values that an instance lists itself: `[inner node, name]` each."""
    properties = instance.get("properties")
    listed = properties.get("proxyWidgets") if isinstance(properties, dict) else None
    if isinstance(listed, str):
        try:
            listed = json.loads(listed)
        except (ValueError, RecursionError):
            return []
    entries = listed if isinstance(listed, list) else []
    return [
        [id_text(entry[0]), entry[1]]
        for entry in entries
        if isinstance(entry, list) and len(entry) >= 2 and isinstance(entry[1], str)
    ]


def _borders(entries: Any) -> list[Border]:
    found = []
    for entry in entries if isinstance(entries, list) else ():
        entry = entry if isinstance(entry, dict) else {}
        label = entry.get("label")
        name = str(entry.get("name", ""))
        found.append(Border(name, type_name(entry.get("type")), label if isinstance(label, str) else ""))
    return found


def _border_id(node: Any, usual: int) -> str:
    id = node.get("id", usual) if isinstance(node, dict) else usual
    return id_text(id)
