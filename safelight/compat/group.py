"""Group nodes, an older kind of subgraph: each becomes the definition of one, with its values in place.

A group has no inputs of its own. Those of its nodes that nothing feeds inside it are its inputs, their
widgets are its widgets, in order; the outputs are those that nothing uses inside, or that it names.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

from safelight.compat.definition import INPUT_NODE, OUTPUT_NODE, Definition
from safelight.compat.layout import VIRTUAL
from safelight.compat.prompt import slot_number
from safelight.compat.saved import SavedNode, group_name, objects
from safelight.core.registry import Registry


class _Open(NamedTuple):
    """An inner socket that is one of the group's own: the inner node, the number there, name and type."""

    node: int
    place: int
    name: str
    type: Any


class Groups:
    """The group nodes that a file defines."""

    def __init__(self, tree: dict[str, Any], registry: Registry) -> None:
        extra = tree.get("extra")
        groups = extra.get("groupNodes") if isinstance(extra, dict) else None
        self._groups = groups if isinstance(groups, dict) else {}
        self._registry = registry

    def definition(self, node: SavedNode) -> Definition | None:
        """What is inside a node, with the values that it holds; None if it is no group node of this file."""
        name = group_name(node.type)
        group = self._groups.get(name) if name is not None else None
        if not isinstance(group, dict) or not isinstance(group.get("nodes"), list):
            return None
        return Definition(_Group(group, node, self._registry).definition(f"group {name}"), filled=True)


class _Group:
    """One group node being laid open."""

    def __init__(self, group: dict[str, Any], instance: SavedNode, registry: Registry) -> None:
        self.instance = instance
        self.registry = registry
        entries = objects(group["nodes"])
        self.nodes = [{**copy.copy(raw), "id": place} for place, raw in enumerate(entries)]
        self.config: Any = group.get("config")
        self.passing = _types(group.get("links"))
        self.external = _pairs(group.get("external"))
        self.links = [link for link in _links(group.get("links")) if max(link[0], link[2]) < len(self.nodes)]

    def definition(self, name: str) -> dict[str, Any]:
        fed = {(link[2], link[3]): id for id, link in enumerate(self.links)}
        nodes = [self._wired(node, fed) for node in self.nodes]
        self._fill(nodes, {link[2:] for link in self.links})
        inputs, outputs = list(self._inputs(nodes)), list(self._outputs())
        inputs += list(self._converted(nodes, {one.name for one in inputs}))
        links = [
            {
                "id": id,
                "origin_id": link[0],
                "origin_slot": link[1],
                "target_id": link[2],
                "target_slot": link[3],
            }
            for id, link in enumerate(self.links)
        ]
        for slot, one in enumerate(inputs):
            id = len(links)
            nodes[one.node]["inputs"][one.place]["link"] = id
            links.append({"id": id, "origin_id": INPUT_NODE, "origin_slot": slot, "target_id": one.node,
                          "target_slot": one.place})  # fmt: skip
        for slot, one in enumerate(outputs):
            links.append({"id": len(links), "origin_id": one.node, "origin_slot": one.place,
                          "target_id": OUTPUT_NODE, "target_slot": slot})  # fmt: skip
        return {
            "id": name,
            "name": name,
            "nodes": nodes,
            "links": links,
            "inputs": [{"name": one.name, "type": one.type} for one in inputs],
            "outputs": [{"name": one.name, "type": one.type} for one in outputs],
        }

    def _wired(self, raw: dict[str, Any], fed: dict[tuple[int, int], int]) -> dict[str, Any]:
        """An inner node whose sockets name the inner wires."""
        inputs = [dict(entry) for entry in objects(raw.get("inputs"))]
        for place, entry in enumerate(inputs):
            entry["link"] = fed.get((raw["id"], place))
        return {**raw, "inputs": inputs}

    def _inputs(self, nodes: list[dict[str, Any]]) -> Iterator[_Open]:
        """The group's inputs. What the instance calls its sockets counts where it has as many."""
        sockets = [entry for entry in objects(self.instance.raw.get("inputs")) if "name" in entry]
        plain = [entry for entry in sockets if "widget" not in entry]
        found = list(self._unfed(nodes, converted=False))
        names: set[str] = set()
        for place, one in enumerate([*found, *self._unfed(nodes, converted=True)]):
            name = one.name
            if name in names:
                raw = self.nodes[one.node]
                name = f"{raw.get('title') or raw.get('type')} {name}"
            if place < len(found) == len(plain):
                name = str(plain[place]["name"])
            names.add(name)
            yield one._replace(name=name)

    def _converted(self, nodes: list[dict[str, Any]], known: set[str]) -> Iterator[_Open]:
        """Values that were made sockets at the instance alone: their inner nodes get a socket for them."""
        widgets = self._widgets(nodes)
        for entry in objects(self.instance.raw.get("inputs")):
            name, widget = entry.get("name"), entry.get("widget")
            called = widget.get("name", name) if isinstance(widget, dict) else None
            if not isinstance(name, str) or name in known or called not in widgets:
                continue
            place, input = widgets[called]
            sockets = nodes[place]["inputs"]
            sockets.append(
                {"name": input, "type": entry.get("type"), "widget": {"name": input}, "link": None}
            )
            known.add(name)
            yield _Open(place, len(sockets) - 1, name, entry.get("type"))

    def _widgets(self, nodes: list[dict[str, Any]]) -> dict[str, tuple[int, str]]:
        """The group's values, by what they are called at the instance: the inner node, and the name there."""
        found: dict[str, tuple[int, str]] = {}
        for raw in nodes:
            if not isinstance(raw.get("type"), str) or raw["type"] in VIRTUAL:
                continue
            for slot in SavedNode(raw, self.registry, str(raw["id"])).slots:
                said = self._said(raw["id"], "input", slot.name)
                if slot.kind == "value" and said.get("visible") is not False:
                    name = str(said.get("name") or slot.name)
                    name = f"{raw.get('title') or raw['type']} {name}" if name in found else name
                    found.setdefault(name, (raw["id"], slot.name))
        return found

    def _unfed(self, nodes: list[dict[str, Any]], converted: bool) -> Iterator[_Open]:
        """The sockets that nothing feeds inside; those of widgets come after all others."""
        for node in nodes:
            for place, entry in enumerate(node["inputs"]):
                if entry["link"] is not None or ("widget" in entry) != converted:
                    continue
                type = entry.get("type")
                if node.get("type") == "Reroute":
                    type = self.passing.get(node["id"], type)
                called = str(entry.get("name") or type)
                said = self._said(node["id"], "input", called)
                if said.get("visible") is not False:
                    yield _Open(node["id"], place, str(said.get("name") or called), type)

    def _outputs(self) -> Iterator[_Open]:
        used = {link[:2] for link in self.links}
        for node in self.nodes:
            for slot, entry in enumerate(objects(node.get("outputs"))):
                said = self._said(node["id"], "output", str(slot))
                inside = (node["id"], slot) in used and (node["id"], slot) not in self.external
                if said.get("visible", not inside):
                    name = said.get("name") or entry.get("label") or entry.get("name") or ""
                    yield _Open(node["id"], slot, str(name), entry.get("type"))

    def _said(self, node: int, side: str, key: str) -> dict[str, Any]:
        """What the group's settings say of one socket or widget: another name, or that it is hidden."""
        found = self.config
        for step in (str(node), side, key):
            found = found.get(step) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def _fill(self, nodes: list[dict[str, Any]], fed: set[tuple[int, int]]) -> None:
        """Give the inner nodes the values that the instance lists, in their order."""
        values = self.instance.raw.get("widgets_values")
        if not isinstance(values, list):
            return
        ways = ({"hidden", "fed"}, {"fed"}, {"hidden"}, set[str]())
        tried = [self._places(nodes, fed, way) for way in ways]
        places = next((places for places in tried if len(places) == len(values)), tried[0])
        for (node, place), value in zip(places, values, strict=False):
            own = nodes[node].get("widgets_values")
            own = list(own) if isinstance(own, list) else []
            own += [None] * (place + 1 - len(own))
            own[place] = value
            nodes[node]["widgets_values"] = own

    def _places(
        self, nodes: list[dict[str, Any]], fed: set[tuple[int, int]], without: set[str]
    ) -> list[tuple[int, int]]:
        """Inner node and place in its list, for each value of the group, less hidden ones and those fed."""
        found = []
        for raw in nodes:
            if not isinstance(raw.get("type"), str) or raw["type"] in VIRTUAL:
                continue
            node = SavedNode(raw, self.registry, str(raw["id"]))
            wired = {
                str(entry.get("name"))
                for place, entry in enumerate(raw["inputs"])
                if (raw["id"], place) in fed
            }
            for place, slot in enumerate(node.slots):
                hidden = self._said(raw["id"], "input", slot.name).get("visible") is False
                if not ((hidden and "hidden" in without) or (slot.name in wired and "fed" in without)):
                    found.append((raw["id"], place))
        return found


def _links(entries: Any) -> list[tuple[int, int, int, int]]:
    """Inner wires: source, its slot, target, its slot; those from outside have no source and are left out."""
    found = []
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, list) and len(entry) >= 4:
            numbers = [slot_number(part) for part in entry[:4]]
            if None not in numbers:
                found.append(tuple(numbers))
    return found  # type: ignore[return-value]


def _types(entries: Any) -> dict[int, str]:
    """The type of the wire that comes into each inner node, which says what a reroute passes on."""
    found: dict[int, str] = {}
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, list) and len(entry) >= 6 and isinstance(entry[5], str):
            node = slot_number(entry[2])
            if node is not None:
                found.setdefault(node, entry[5])
    return found


def _pairs(entries: Any) -> set[tuple[int, int]]:
    found = set()
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, list) and len(entry) >= 2:
            node, slot = slot_number(entry[0]), slot_number(entry[1])
            if node is not None and slot is not None:
                found.add((node, slot))
    return found
