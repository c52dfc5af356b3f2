"""One node taken back: changed at its place in the file, or made anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safelight.compat.definition import Definition
from safelight.compat.layout import VIRTUAL, listed
from safelight.compat.named.value import exact, merged, same
from safelight.compat.named.view import View
from safelight.compat.naming import COMBO, list_of_combo
from safelight.compat.order import placed
from safelight.compat.saved import BYPASSED, MUTED, objects
from safelight.compat.value import NAMED
from safelight.core.error import DocumentError, Where
from safelight.core.registry import Registry
from safelight.core.shape import lay
from safelight.core.spec import NodeSpec
from safelight.core.widget import Variant

MODES = {"run": 0, "muted": MUTED, "bypassed": BYPASSED}
PLAIN = ("title", "pos", "size", "color", "bgcolor", "flags", "properties")
Told = dict[str, Any]
Definitions = Mapping[str, Definition]


def make_node(told: Told, registry: Registry, definitions: Definitions, place: str) -> dict[str, Any]:
    """A node that the file did not have, without its values."""
    id = told["id"]
    raw: dict[str, Any] = {"id": int(id) if _is_number(id) else id, "type": told["type"]}
    raw |= {"pos": [0, 0], "size": [210, 60], "flags": {}, "order": 0, "mode": 0}
    spec = registry.find(told["type"])
    if spec is not None and "inputs" not in told:
        raw["inputs"] = [
            {"name": one.name, "type": one.type, "link": None} for one in spec.inputs if one.widget is None
        ]
    if spec is not None and "outputs" not in told:
        raw["outputs"] = [{"name": one.name, "type": one.type, "links": None} for one in spec.outputs]
    raw["properties"] = {}
    unnamed = told.get("unnamed")
    if isinstance(unnamed, list):
        raw["widgets_values"] = exact(unnamed)
    elif not (spec or told["type"] in definitions or told["type"] in VIRTUAL or placed(told["type"])):
        raw["widgets_values"] = {}  # nothing says in which order its values stand
    patch_node(raw, {"mode": "run", "id": id, "type": told["type"]}, told, place)
    return raw


def patch_node(raw: dict[str, Any], was: Told, now: Told, place: str) -> None:
    """Change what differs between the node as it was told and as it came back, but for its values."""
    if now["type"] != was.get("type"):
        raw["type"] = now["type"]
    for key in PLAIN:
        if (
            key in now
            and not same(was.get(key), now[key])
            and not (key == "title" and not now[key] and key not in raw)
        ):
            raw[key] = merged(raw.get(key), now[key])
    if now.get("mode", "run") != was.get("mode"):
        raw["mode"] = MODES.get(str(now.get("mode", "run")), 0)
    for side in ("inputs", "outputs"):
        if side in now and not same(was.get(side, []), now[side]):
            raw[side] = _sockets(raw.get(side), now[side], side, f"{place}, node '{now['id']}'")
    rest = now.get("rest")
    for key, value in rest.items() if isinstance(rest, dict) else ():
        if not same(was.get("rest", {}).get(key), value):
            raw[key] = merged(raw.get(key), value)


def put_values(raw: dict[str, Any], was: Told, now: Told, view: View) -> None:
    """Change the values that differ, when all nodes and subgraphs are there."""
    values, before = _object(now, "values"), _object(was, "values")
    controls, controlled = _object(now, "controls"), _object(was, "controls")
    gone = [name for name in before if name not in values]
    changed = _changed(before, values)
    if raw["type"] == COMBO and (gone or changed) and not isinstance(raw.get("widgets_values"), dict):
        raw["widgets_values"] = list_of_combo(exact(values))
        raw.pop(NAMED, None)
        return
    if not gone and view.put(raw, exact(changed), exact(_changed(controlled, controls))):
        return
    spec = view.registry.find(raw["type"]) or (
        None if raw["type"] in view.definitions else placed(raw["type"])
    )
    kept = isinstance(raw.get("widgets_values"), dict)
    for name in gone:
        _forget(raw, name, view)
    made = raw.get("widgets_values") is None and bool(changed)
    if spec is not None and not kept and (made or _depends(spec, changed)):
        held = view.of(raw).values
        written = {name: merged(held.get(name), value) for name, value in values.items()}
        raw["widgets_values"] = _by_sockets(now) or listed(spec, written, exact(controls))
        raw.pop(NAMED, None)
        return
    for name, value in changed.items():
        _assign(raw, name, value, view)
    for name, value in _changed(controlled, controls).items():
        places = view.of(raw).controls
        if name in places.names:
            places[name] = exact(value)


def _changed(before: Told, now: Told) -> Told:
    return {name: value for name, value in now.items() if name not in before or not same(before[name], value)}


def _by_sockets(now: Told) -> list[Any]:
    """The values in the order of the node's own sockets, if each value has one there; else nothing."""
    values, controls = _object(now, "values"), _object(now, "controls")
    sockets = now.get("inputs")
    entries = [one for one in sockets if isinstance(one, dict)] if isinstance(sockets, list) else []
    names = [str(one["widget"]) for one in entries if "widget" in one]
    if not names or set(names) != set(values) or len(names) != len(values):
        return []
    pairs = ([values[name], *([controls[name]] if name in controls else [])] for name in names)
    return [exact(value) for pair in pairs for value in pair]


def _depends(spec: NodeSpec, changed: Mapping[str, Any]) -> bool:
    """Whether a choice is among the values that changed: which others there are depends on it."""
    return any(isinstance(one.widget, Variant) and one.name in changed for one in lay(spec, changed))


def _assign(raw: dict[str, Any], name: str, value: Any, view: View) -> None:
    node = view.of(raw)
    stored = raw.get("widgets_values")
    if name not in node.values.names:
        if not isinstance(stored, dict) and (stored or node.spec is not None):
            raise DocumentError(
                "the file has no place for this value",
                where=Where(node=node.id, type=node.type, input=name, title=node.title or None),
                remedy="Enter it in the program that knows the node's type.",
            )
        raw["widgets_values"] = {**(stored if isinstance(stored, dict) else {}), name: exact(value)}
        raw.pop(NAMED, None)
        return
    node.values[name] = merged(node.values.get(name), value)


def _forget(raw: dict[str, Any], name: str, view: View) -> None:
    """Give a value up: its default takes its place."""
    node = view.of(raw)
    if isinstance(raw.get("widgets_values"), dict):
        raw["widgets_values"].pop(name, None)
        raw.pop(NAMED, None)
    elif name in node.values:
        node.values[name] = next(
            slot.blank for slot in node.slots if slot.name == name and slot.kind == "value"
        )


def _sockets(old: Any, told: Any, side: str, place: str) -> list[Any]:
    """The sockets of a node, each with what the file has of it beside."""
    if not isinstance(told, list) or not all(isinstance(entry, dict) for entry in told):
        raise DocumentError(
            f"{place}: '{side}' is no list of objects", remedy="Send sockets as they were given."
        )
    left = objects(old)
    found = []
    for entry in told:
        name = str(entry.get("name", ""))
        raw = next((one for one in left if str(one.get("name", "")) == name), None)
        if raw is not None:
            left.remove(raw)
        raw = raw or {
            "name": name,
            "type": entry.get("type", "*"),
            **({"link": None} if side == "inputs" else {"links": None}),
        }
        if "type" in entry and raw.get("type") != entry["type"] and not isinstance(raw.get("type"), list):
            raw["type"] = entry["type"]
        for key in ("label", "shape"):
            if key in entry and raw.get(key) != entry[key]:
                raw[key] = entry[key]
        if isinstance(entry.get("widget"), str) and "widget" not in raw:
            raw["widget"] = {"name": entry["widget"]}
        found.append(raw)
    return found


def _object(told: Told, key: str) -> dict[str, Any]:
    value = told.get(key)
    return value if isinstance(value, dict) else {}


def _is_number(id: str) -> bool:
    return id.isascii() and id.isdecimal() and len(id) < 16 and str(int(id)) == id
