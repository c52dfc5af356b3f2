"""Taking a document back by name: what was changed is changed in the file, at its place and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from safelight.compat.definition import INPUT_NODE, OUTPUT_NODE, Definition
from safelight.compat.document import Document
from safelight.compat.named.node import make_node, patch_node, put_values
from safelight.compat.named.tell import FORMAT, VERSION, reroutes_of, tell
from safelight.compat.named.value import exact, merged, same
from safelight.compat.named.view import View
from safelight.compat.named.wiring import Wiring
from safelight.compat.saved import id_text, objects
from safelight.core.error import DocumentError
from safelight.core.registry import Registry

REMEDY = "Send the document as it was given, with changes of its values."
PARTS = ("nodes", "links", "reroutes", "groups")
Told = dict[str, Any]


def take(tree: Any, registry: Registry) -> Document:
    """The document that a tree by name means."""
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise DocumentError("it is no document by name", remedy=REMEDY)
    if tree.get("version") != VERSION:
        raise DocumentError(f"it is of version {tree.get('version')!r}, not {VERSION}", remedy=REMEDY)
    saved = tree.get("saved")
    base = Document.parse(saved) if isinstance(saved, str) else Document(_empty())
    if base.dialect == "api":
        base = Document(_empty())
    base.sent = exact(tree["sent"]) if isinstance(tree.get("sent"), dict) else {}
    return _Taker(base, registry).take(tree)


def _empty() -> dict[str, Any]:
    counters = {"last_node_id": 0, "last_link_id": 0}
    return {**counters, "nodes": [], "links": [], "groups": [], "config": {}, "extra": {}, "version": 0.4}


def listed(holder: Mapping[str, Any], key: str, place: str) -> list[Told]:
    """A list of objects; an absent one is empty. DocumentError names the place if it is something else."""
    entries = holder.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DocumentError(f"{place}: '{key}' is no list of objects", remedy=REMEDY)
    return entries


@dataclass(slots=True)
class _Taker:
    base: Document
    registry: Registry
    changed: list[tuple[dict[str, Any], Told, Told]] = field(default_factory=list)

    def take(self, now: Told) -> Document:
        was = tell(self.base, self.registry, saved=False)
        tree = self.base.tree
        self._subgraphs(was, now)
        definitions = {id: Definition(raw) for id, raw in self.base.definitions().items()}
        self._drawing(tree, was, now, "the document", definitions)
        before = {one["id"]: one for one in was["subgraphs"]}
        for told in listed(now, "subgraphs", "the document"):
            place = f"subgraph '{told.get('name')}'"
            definition = definitions[str(told["id"])]
            self._drawing(
                definition.raw, before.get(str(told["id"]), {}), told, place, definitions, definition
            )
        view = View(self.base, self.registry)
        for raw, node_was, node_now in self.changed:
            put_values(raw, node_was, node_now, view)
        self._view(tree, was, now)
        self._rest(tree, was.get("rest", {}), now.get("rest", {}))
        if not all(same(was[part], now.get(part, [])) for part in ("nodes", "links")):
            self._count(tree)
        return Document(tree, self.base.layout, self.base.sent, self.base.text)

    def _subgraphs(self, was: Told, now: Told) -> None:
        """Add, change and remove definitions; their drawings come later, when all are known."""
        before = {one["id"]: one for one in was["subgraphs"]}
        known = self.base.definitions()
        wanted: dict[str, Told] = {}
        for told in listed(now, "subgraphs", "the document"):
            if not isinstance(told.get("id"), str) or not told["id"]:
                raise DocumentError("a subgraph has no id", remedy=REMEDY)
            wanted[told["id"]] = told
        for id, told in wanted.items():
            if id not in known:
                raw: dict[str, Any] = {"id": id, "version": 1, "nodes": [], "links": [], "groups": []}
                raw |= {"inputNode": {"id": INPUT_NODE}, "outputNode": {"id": OUTPUT_NODE}}
                self._home().append(raw)
                known[id] = raw
            _patch_definition(known[id], before.get(id, {}), told)
        for id in [id for id in known if id not in wanted]:
            self._remove(id)

    def _home(self) -> list[Any]:
        definitions = self.base.tree.setdefault("definitions", {})
        subgraphs: list[Any] = definitions.setdefault("subgraphs", [])
        return subgraphs

    def _remove(self, id: str) -> None:
        waiting: list[Any] = [self.base.tree]
        while waiting:
            holder = waiting.pop().get("definitions")
            entries = holder.get("subgraphs") if isinstance(holder, dict) else None
            if isinstance(entries, list):
                waiting += objects(entries)
                entries[:] = [one for one in entries if not (isinstance(one, dict) and one.get("id") == id)]

    def _drawing(
        self,
        tree: dict[str, Any],
        was: Told,
        now: Told,
        place: str,
        definitions: Mapping[str, Definition],
        within: Definition | None = None,
    ) -> None:
        if all(same(was.get(part, []), now.get(part, [])) for part in PARTS):
            return
        self._nodes(tree, was, now, place, definitions)
        wiring = Wiring(tree, within, self.registry, place)
        wiring.change(was.get("links", []), listed(now, "links", place))
        if not same(was.get("reroutes", []), now.get("reroutes", [])):
            _put_reroutes(tree, [_reroute(told) for told in listed(now, "reroutes", place)])
        if not same(was.get("groups", []), now.get("groups", [])):
            tree["groups"] = _kept(
                objects(tree.get("groups")), was.get("groups", []), listed(now, "groups", place), _group
            )

    def _nodes(
        self, tree: dict[str, Any], was: Told, now: Told, place: str, definitions: Mapping[str, Definition]
    ) -> None:
        before = {one["id"]: one for one in was.get("nodes", [])}
        raws: dict[str, dict[str, Any]] = {}
        for raw in objects(tree.get("nodes")):
            raws.setdefault(id_text(raw.get("id")), raw)
        result: list[Any] = []
        seen: set[str] = set()
        for told in listed(now, "nodes", place):
            id = told.get("id")
            if not isinstance(id, str) or not isinstance(told.get("type"), str) or id in seen:
                raise DocumentError(f"{place}: a node has no id of its own, or no type", remedy=REMEDY)
            seen.add(id)
            if id not in before:
                raws[id] = make_node(told, self.registry, definitions, place)
            elif not same(before[id], told):
                patch_node(raws[id], before[id], told, place)
            self.changed.append((raws[id], before.get(id, {}), told))
            result.append(raws[id])
        if list(before) != [one["id"] for one in now.get("nodes", [])]:
            told_raws = [raws[name] for name in before]
            untold = [raw for raw in tree.get("nodes", []) if not any(raw is one for one in told_raws)]
            tree["nodes"] = result + untold

    def _view(self, tree: dict[str, Any], was: Told, now: Told) -> None:
        view = now.get("view")
        if isinstance(view, dict) and not same(was["view"], view):
            extra = tree["extra"] = tree["extra"] if isinstance(tree.get("extra"), dict) else {}
            old = extra["ds"] if isinstance(extra.get("ds"), dict) else {}
            extra["ds"] = old | {key: merged(old.get(key), value) for key, value in view.items()}

    def _rest(self, tree: dict[str, Any], was: Told, now: Any) -> None:
        """Keys of the file that only its owner knows."""
        if not isinstance(now, dict) or same(was, now):
            return
        for key, value in now.items():
            if key == "extra" and isinstance(value, dict) and isinstance(tree.get("extra"), dict):
                extra = tree["extra"]
                changed = {
                    name: merged(extra.get(name), item)
                    for name, item in value.items()
                    if not _is_same(was, name, item)
                }
                tree["extra"].update(changed)
            elif key not in was or not same(was[key], value):
                tree[key] = merged(tree.get(key), value)

    def _count(self, tree: dict[str, Any]) -> None:
        """Counters that other programs take their next ids from."""
        holder = tree["state"] if isinstance(tree.get("state"), dict) else tree
        names = ("lastNodeId", "lastLinkId") if holder is not tree else ("last_node_id", "last_link_id")
        links = tree.get("links")
        ids = [one[0] if isinstance(one, list) and one else one.get("id") if isinstance(one, dict) else 0
               for one in (links if isinstance(links, list) else ())]  # fmt: skip
        for name, used in zip(names, ([raw.get("id") for raw in objects(tree["nodes"])], ids), strict=True):
            highest = max((id for id in used if isinstance(id, int)), default=0)
            old = holder.get(name)
            if (isinstance(old, int) and old < highest) or (old is None and name in holder):
                holder[name] = highest


def _is_same(was: Told, name: str, item: Any) -> bool:
    extra = was.get("extra")
    return isinstance(extra, dict) and name in extra and same(extra[name], item)


def _patch_definition(raw: dict[str, Any], was: Told, now: Told) -> None:
    if now.get("name") != was.get("name"):
        raw["name"] = str(now.get("name", ""))
    for side in ("inputs", "outputs"):
        if not same(was.get(side), now.get(side, [])):
            old = objects(raw.get(side))
            raw[side] = [_border(one, old) for one in listed(now, side, f"subgraph '{now.get('name')}'")]
    for key, side in (("input_box", "inputNode"), ("output_box", "outputNode")):
        if key in now and not same(was.get(key), now[key]):
            node = raw[side] = raw[side] if isinstance(raw.get(side), dict) else {}
            node["bounding"] = merged(node.get("bounding"), now[key])
    rest = now.get("rest")
    for key, value in rest.items() if isinstance(rest, dict) else ():
        if not same(was.get("rest", {}).get(key), value):
            raw[key] = merged(raw.get(key), value)


def _border(told: Told, old: list[dict[str, Any]]) -> dict[str, Any]:
    """An input or an output of a subgraph, with what the file has of it beside."""
    name = str(told.get("name", ""))
    before = next((entry for entry in old if entry.get("name") == name), {})
    raw = {**before, "name": name, "type": told.get("type", "*")}
    raw.setdefault("linkIds", [])
    return raw | ({"label": told["label"]} if isinstance(told.get("label"), str) else {})


def _kept(
    raws: list[dict[str, Any]], was: list[Told], now: list[Told], make: Callable[[Told], dict[str, Any]]
) -> list[dict[str, Any]]:
    """What is in a list now: the file's own entry where nothing changed, else a new one."""
    left = list(zip(was, raws, strict=False))
    found = []
    for told in now:
        place = next((n for n, (before, _) in enumerate(left) if same(before, told)), None)
        found.append(make(told) if place is None else left.pop(place)[1])
    return found


def _group(told: Told) -> dict[str, Any]:
    rest = told.get("rest")
    raw = dict(exact(rest)) if isinstance(rest, dict) else {}
    raw |= {"title": str(told.get("title", "")), "bounding": exact(told.get("box", [0, 0, 140, 80]))}
    return raw | ({"color": told["color"]} if "color" in told else {})


def _reroute(told: Told) -> dict[str, Any]:
    rest = told.get("rest")
    raw = {"id": told.get("id")}
    if told.get("parent") is not None:
        raw["parentId"] = told["parent"]
    raw |= {"pos": exact(told.get("pos", [0, 0])), "linkIds": exact(told.get("links", []))}
    return raw | (exact(rest) if isinstance(rest, dict) else {})


def _put_reroutes(tree: dict[str, Any], reroutes: list[dict[str, Any]]) -> None:
    old = reroutes_of(tree)
    inside = "reroutes" in tree or "last_node_id" not in tree
    holder = tree if inside else tree.setdefault("extra", {})
    if old is not None or reroutes:
        holder["reroutes"] = reroutes
