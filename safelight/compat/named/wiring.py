"""Wires taken back: written at their three places, the list of wires and the sockets at both ends."""

from __future__ import annotations

from typing import Any

from safelight.compat.definition import Definition
from safelight.compat.named.tell import parents_of
from safelight.compat.named.value import same
from safelight.compat.saved import LinkId, id_text, link_id, objects
from safelight.compat.wire import link_of
from safelight.core.error import DocumentError
from safelight.core.registry import Registry

REMEDY = "Connect an output of one node to an input of another."
KEYS = ("id", "from", "slot", "to", "input", "reroute")
Told = dict[str, Any]


class Wiring:
    """The wires of one drawing."""

    def __init__(
        self, tree: dict[str, Any], within: Definition | None, registry: Registry, place: str
    ) -> None:
        self.tree = tree
        self.within = within
        self.registry = registry
        self.place = place
        self.nodes = {id_text(raw.get("id")): raw for raw in reversed(objects(tree.get("nodes")))}

    def change(self, was: list[Told], now: list[Told]) -> None:
        """Take away the wires that are gone, and lay those that are new or lead elsewhere."""
        before = {one["id"]: one for one in was}
        after: dict[LinkId, Told] = {}
        for told in now:
            id = told.get("id")
            if not isinstance(id, int) or isinstance(id, bool) or id in after:
                raise DocumentError(f"{self.place}: a wire has no number of its own", remedy=REMEDY)
            after[id] = told
        stray = {id for id in before if id not in after or not self._is_there(after[id])}
        gone = stray | {id for id, told in before.items() if id in after and self._differs(told, after[id])}
        self._take_away(gone)
        for id, told in after.items():
            if id in stray or (id in before and id not in gone):
                continue
            self._lay(id, told)

    def _differs(self, was: Told, now: Told) -> bool:
        return not all(same(was.get(key), now.get(key)) for key in KEYS)

    def _is_there(self, told: Told) -> bool:
        """Whether both ends of a wire are; one that hangs on a node that was removed goes with it."""
        begin, end = str(told.get("from")), str(told.get("to"))
        return (begin == "input" or begin in self.nodes) and (end == "output" or end in self.nodes)

    def _take_away(self, gone: set[LinkId]) -> None:
        for raw in self.nodes.values():
            for entry in objects(raw.get("inputs")):
                if link_id(entry.get("link")) in gone and entry.get("link") is not None:
                    entry["link"] = None
            for entry in objects(raw.get("outputs")):
                _drop(entry.get("links"), gone)
        for side in ("inputs", "outputs") if self.within is not None else ():
            for entry in objects(self.tree.get(side)):
                _drop(entry.get("linkIds"), gone)
        links = self.tree.get("links")
        if isinstance(links, list):
            links[:] = [entry for entry in links if (link := link_of(entry)) is None or link.id not in gone]
        extra = self.tree.get("extra")
        if isinstance(extra, dict) and isinstance(extra.get("linkExtensions"), list):
            extra["linkExtensions"] = [
                one for one in extra["linkExtensions"]
                if not (isinstance(one, dict) and link_id(one.get("id")) in gone)
            ]  # fmt: skip

    def _lay(self, id: LinkId, told: Told) -> None:
        slot = told.get("slot")
        if not self._is_there(told) or not isinstance(slot, int) or slot < 0:
            raise DocumentError(
                f"{self.place}: wire {id} does not join two nodes that are there", remedy=REMEDY
            )
        origin, type = self._begin(id, str(told["from"]), slot)
        target, place = self._end(id, told, type)
        self._write(id, origin, slot, target, place, told.get("type", type), told.get("reroute"))

    def _begin(self, id: LinkId, name: str, slot: int) -> tuple[Any, Any]:
        """The id of the node that a wire begins at, and the type there."""
        if name == "input":
            entry = self._border("inputs", slot, id)
            return self._border_id("inputNode", -10), entry.get("type", "*")
        raw = self.nodes[name]
        outputs = raw["outputs"] = raw["outputs"] if isinstance(raw.get("outputs"), list) else []
        spec = self.registry.find(str(raw.get("type")))
        while len(outputs) <= slot:
            place = len(outputs)
            known = spec.outputs[place] if spec is not None and place < len(spec.outputs) else None
            outputs.append(
                {"name": known.name if known else "*", "type": known.type if known else "*", "links": []}
            )
            if len(outputs) > 1000:
                raise DocumentError(f"{self.place}: wire {id} begins at no output", remedy=REMEDY)
        entry = outputs[slot] if isinstance(outputs[slot], dict) else {}
        links = entry["links"] = entry["links"] if isinstance(entry.get("links"), list) else []
        links.append(id)
        return raw["id"], entry.get("type", "*")

    def _end(self, id: LinkId, told: Told, type: Any) -> tuple[Any, int]:
        """The id of the node that a wire ends at, and the number of its socket."""
        place = told.get("place")
        if told["to"] == "output":
            place = place if isinstance(place, int) else 0
            self._border("outputs", place, id)
            return self._border_id("outputNode", -20), place
        raw = self.nodes[str(told["to"])]
        inputs = raw["inputs"] = raw["inputs"] if isinstance(raw.get("inputs"), list) else []
        name = str(told.get("input", ""))
        fits = isinstance(place, int) and 0 <= place < len(inputs) and _named(inputs[place]) == name
        if not fits:
            place = next((n for n, entry in enumerate(inputs) if _named(entry) == name), len(inputs))
        assert isinstance(place, int)
        if place == len(inputs):
            inputs.append(self._socket(raw, name, type))
        inputs[place]["link"] = id
        return raw["id"], place

    def _socket(self, raw: dict[str, Any], name: str, type: Any) -> dict[str, Any]:
        """The socket of an input that the file does not list."""
        spec = self.registry.find(str(raw.get("type")))
        one = spec.by_name.get(name) if spec is not None else None
        widget = {"widget": {"name": name}} if one is not None and one.widget is not None else {}
        return {"name": name, "type": one.type if one is not None else type, **widget, "link": None}

    def _border(self, side: str, place: int, id: LinkId) -> dict[str, Any]:
        """An input or an output of the subgraph itself, which notes its wires as well."""
        entries = objects(self.tree.get(side)) if self.within is not None else []
        if not 0 <= place < len(entries):
            raise DocumentError(f"{self.place}: wire {id} passes no border that is there", remedy=REMEDY)
        entry = entries[place]
        ids = entry["linkIds"] = entry["linkIds"] if isinstance(entry.get("linkIds"), list) else []
        ids.append(id)
        return entry

    def _border_id(self, key: str, usual: int) -> Any:
        node = self.tree.get(key)
        return node.get("id", usual) if isinstance(node, dict) else usual

    def _write(
        self, id: LinkId, origin: Any, slot: int, target: Any, place: int, type: Any, reroute: Any
    ) -> None:
        links = self.tree.get("links")
        if not isinstance(links, list):
            links = self.tree["links"] = list(links.values()) if isinstance(links, dict) else []
        if self.within is not None or any(isinstance(entry, dict) for entry in links) or "state" in self.tree:
            entry = {
                "id": id,
                "origin_id": origin,
                "origin_slot": slot,
                "target_id": target,
                "target_slot": place,
            }
            links.append(entry | {"type": type} | ({"parentId": reroute} if reroute is not None else {}))
            return
        links.append([id, origin, slot, target, place, type])
        if reroute is not None and parents_of(self.tree).get(id) != reroute:
            extra = self.tree["extra"] = (
                self.tree["extra"] if isinstance(self.tree.get("extra"), dict) else {}
            )
            listed = extra.setdefault("linkExtensions", [])
            listed.append({"id": id, "parentId": reroute})


def _named(entry: Any) -> str:
    return str(entry.get("name", "")) if isinstance(entry, dict) else ""


def _drop(ids: Any, gone: set[LinkId]) -> None:
    if isinstance(ids, list):
        ids[:] = [id for id in ids if link_id(id) not in gone]
