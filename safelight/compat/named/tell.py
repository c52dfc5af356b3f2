"""Telling a document by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from safelight.compat.arrangement import arrange
from safelight.compat.definition import Definition, innermost
from safelight.compat.document import Document
from safelight.compat.loose import loose_wires
from safelight.compat.named.value import plain
from safelight.compat.named.view import View
from safelight.compat.saved import (
    BYPASSED,
    MUTED,
    LinkId,
    SavedNode,
    id_text,
    is_id,
    link_id,
    objects,
    type_name,
)
from safelight.compat.wire import SavedLink, links_of, links_of_outputs
from safelight.core.registry import Registry

FORMAT, VERSION = "safelight", 1
MODES = {MUTED: "muted", BYPASSED: "bypassed"}
NODE_KEYS = frozenset(
    ("id", "type", "title", "pos", "size", "mode", "inputs", "outputs", "widgets_values", "properties")
)
STYLE = ("color", "bgcolor", "flags")
ROOT_KEYS = frozenset(("nodes", "links", "groups", "reroutes", "definitions", "extra"))
INNER_KEYS = frozenset(
    ("id", "name", "inputs", "outputs", "inputNode", "outputNode", "nodes", "links", "groups", "reroutes")
)
HOME = {"nodes", "links", "groups", "reroutes"}


def tell(document: Document, registry: Registry, saved: bool = True) -> dict[str, Any]:
    """The document by name; with `saved`, it holds the file as it was as well."""
    if document.dialect == "api":
        document = arrange(document, registry)
    text = document.write() if saved else ""
    if saved and document.text is not None and text != document.text:
        sent, document = document.sent, Document.parse(text)
        document.sent = sent  # what is no number in the text that was read is told as it is saved
    view = View(document, registry)
    tree = document.tree
    extra = tree["extra"] if isinstance(tree.get("extra"), dict) else {}
    told: dict[str, Any] = {"format": FORMAT, "version": VERSION, "title": "", "view": _view(extra)}
    told |= tell_drawing(tree, view)
    told["subgraphs"] = [_subgraph(one, view) for one in view.definitions.values()]
    rest = {key: value for key, value in tree.items() if key not in ROOT_KEYS}
    further = {key: value for key, value in extra.items() if key not in ("ds", "reroutes", "linkExtensions")}
    told["rest"] = plain(rest | ({"extra": further} if further else {}))
    if view.asked:
        told["sent"] = plain(view.asked)
    if saved:
        told["saved"] = text
    return told


def tell_drawing(tree: dict[str, Any], view: View, within: Definition | None = None) -> dict[str, Any]:
    """The nodes, wires, reroutes and groups of a file or of a subgraph."""
    nodes = list(sound_nodes(tree.get("nodes")))
    return {
        "nodes": [_node(raw, view) for raw in nodes],
        "links": list(_links(tree, nodes, within)),
        "reroutes": [
            _reroute(entry) for entry in objects(reroutes_of(tree)) if link_id(entry.get("id")) is not None
        ],
        "groups": [_group(entry) for entry in objects(tree.get("groups"))],
    }


def sound_nodes(entries: Any) -> Iterable[dict[str, Any]]:
    """The nodes that have an id and a type; the first of each id."""
    seen = set()
    for raw in objects(entries):
        id = raw.get("id")
        if is_id(id) and isinstance(raw.get("type"), str) and id_text(id) not in seen:
            seen.add(id_text(id))
            yield raw


def _view(extra: Mapping[str, Any]) -> dict[str, Any]:
    ds = extra.get("ds")
    ds = ds if isinstance(ds, dict) else {}
    scale = ds.get("scale")
    return {"scale": scale if _is_number(scale) else 1, "offset": pair(ds.get("offset"))}


def pair(value: Any, count: int = 2) -> list[Any]:
    """Numbers, from a list or from an object with the keys 0, 1, ...; what is no number is 0."""
    parts = [value.get(str(n)) for n in range(count)] if isinstance(value, dict) else value
    parts = parts if isinstance(parts, list) else []
    return [part if _is_number(part) else 0 for part in (parts + [None] * count)[:count]]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 2**53


def _node(raw: dict[str, Any], view: View) -> dict[str, Any]:
    node, definitions = view.of(raw), view.definitions
    told: dict[str, Any] = {
        "id": node.id,
        "type": node.type,
        "title": node.title,
        "pos": pair(raw.get("pos")),
        "size": pair(raw.get("size")),
        "mode": MODES.get(raw["mode"], "run") if isinstance(raw.get("mode"), (int, float)) else "run",
        "inputs": [_socket(entry) for entry in _entries(raw.get("inputs"))],
        "outputs": [_socket(entry) for entry in _entries(raw.get("outputs"))],
        "values": plain(dict(node.values)),
    }
    controls = dict(node.controls)
    stored = raw.get("widgets_values")
    if controls:
        told["controls"] = plain(controls)
    if isinstance(stored, list) and stored and not node.slots:
        told["unnamed"] = plain(stored)
    if node.type in definitions and node.spec is None:
        told["promoted"] = _promoted(node, definitions)
    told |= {key: plain(raw[key]) for key in STYLE if key in raw}
    told["properties"] = plain(node.properties)
    told["rest"] = plain({key: raw[key] for key in raw if key not in NODE_KEYS and key not in STYLE})
    return told


def _promoted(node: SavedNode, definitions: Mapping[str, Definition]) -> list[dict[str, Any]]:
    found = []
    for one in definitions[node.type].promoted(node.raw):
        inner, input = innermost(definitions[node.type], one.node, one.input, definitions)
        found.append({"name": one.name, "label": one.label, "node": inner, "input": input})
    return found


def _entries(value: Any) -> list[dict[str, Any]]:
    """The sockets as the file lists them; what is none counts as one without a name."""
    return [entry if isinstance(entry, dict) else {} for entry in value] if isinstance(value, list) else []


def _socket(entry: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"name": str(entry.get("name", "")), "type": type_name(entry.get("type"))}
    if isinstance(entry.get("label"), str):
        told["label"] = entry["label"]
    widget = entry.get("widget")
    if isinstance(widget, dict):
        told["widget"] = str(widget.get("name", ""))
    if isinstance(entry.get("shape"), int):
        told["shape"] = entry["shape"]
    return told


def _links(
    tree: dict[str, Any], nodes: list[dict[str, Any]], within: Definition | None
) -> Iterable[dict[str, Any]]:
    """The wires that end somewhere; a socket says which wire it has."""
    by_id = {id_text(raw["id"]): raw for raw in nodes}
    ends: dict[LinkId, tuple[str, int, str]] = {}
    for id, raw in by_id.items():
        for place, entry in enumerate(_entries(raw.get("inputs"))):
            wire = link_id(entry.get("link"))
            if wire is not None:
                ends.setdefault(wire, (id, place, str(entry.get("name", ""))))
    passing = parents_of(tree)
    for (id, place), link in loose_wires(by_id, links_of(tree), within).mended.items():
        ends[link.id] = (id, place, str(_entries(by_id[id].get("inputs"))[place].get("name", "")))
    listed = isinstance(tree.get("links"), (list, dict))
    told: set[LinkId] = set()
    for link in links_of(tree) if listed else links_of_outputs(nodes):
        if link.id in told:
            continue
        begin = _begin(link, by_id, within)
        end = ends.get(link.id)
        if end is None and within is not None and link.target == within.exit:
            end = ("output", link.target_slot, _name(within.outputs, link.target_slot))
        if begin is not None and end is not None:
            told.add(link.id)
            yield _link(link, begin, end, passing.get(link.id))


def _begin(
    link: SavedLink, by_id: Mapping[str, dict[str, Any]], within: Definition | None
) -> tuple[str, str] | None:
    if within is not None and link.origin == within.entry:
        return "input", _name(within.inputs, link.origin_slot)
    raw = by_id.get(link.origin)
    if raw is None:
        return None
    outputs = _entries(raw.get("outputs"))
    return link.origin, str(outputs[link.origin_slot].get("name", "")) if link.origin_slot < len(
        outputs
    ) else ""


def _name(borders: list[Any], slot: int) -> str:
    return borders[slot].name if 0 <= slot < len(borders) else ""


def _link(link: SavedLink, begin: tuple[str, str], end: tuple[str, int, str], reroute: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"id": link.id, "from": begin[0], "slot": link.origin_slot, "output": begin[1]}
    told |= {"to": end[0], "input": end[2], "place": end[1], "type": type_name(link.type)}
    return told | ({"reroute": reroute} if reroute is not None else {})


def reroutes_of(tree: dict[str, Any]) -> Any:
    """The reroute points of a drawing, wherever its version keeps them."""
    extra = tree.get("extra")
    if "reroutes" not in tree and isinstance(extra, dict):
        return extra.get("reroutes")
    return tree.get("reroutes")


def parents_of(tree: dict[str, Any]) -> dict[LinkId, LinkId]:
    """The last reroute point of each wire that has one."""
    extra = tree.get("extra")
    listed = objects(extra.get("linkExtensions")) if isinstance(extra, dict) else []
    found: dict[LinkId, LinkId] = {}
    for entry in [*listed, *objects(tree.get("links"))]:
        id, parent = link_id(entry.get("id")), link_id(entry.get("parentId"))
        if id is not None and parent is not None:
            found[id] = parent
    return found


def _reroute(entry: dict[str, Any]) -> dict[str, Any]:
    links = entry.get("linkIds")
    ids = [id for link in links if (id := link_id(link)) is not None] if isinstance(links, list) else []
    told = {"id": link_id(entry["id"]), "pos": pair(entry.get("pos")), "links": ids}
    told["parent"] = link_id(entry.get("parentId"))
    rest = {key: entry[key] for key in entry if key not in ("id", "pos", "linkIds", "parentId")}
    return told | {"rest": plain(rest)}


def _group(entry: dict[str, Any]) -> dict[str, Any]:
    told = {"title": str(entry.get("title", "")), "box": pair(entry.get("bounding"), 4)}
    if isinstance(entry.get("color"), str):
        told["color"] = entry["color"]
    rest = {key: entry[key] for key in entry if key not in ("title", "bounding") and key not in told}
    return told | {"rest": plain(rest)}


def _subgraph(definition: Definition, view: View) -> dict[str, Any]:
    raw = definition.raw
    told: dict[str, Any] = {
        "id": definition.id,
        "name": definition.name,
        "inputs": [_socket(entry) for entry in _entries(raw.get("inputs"))],
        "outputs": [_socket(entry) for entry in _entries(raw.get("outputs"))],
        "input_box": _box(raw.get("inputNode")),
        "output_box": _box(raw.get("outputNode")),
    }
    told |= tell_drawing(raw, view, definition)
    rest = {key: raw[key] for key in raw if key not in INNER_KEYS and key != "definitions"}
    return told | {"rest": plain(rest)}


def _box(node: Any) -> list[Any]:
    return pair(node.get("bounding") if isinstance(node, dict) else None, 4)
