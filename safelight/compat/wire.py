"""Wires as saved files have them: lists of six or objects, with ids and slots as numbers or as texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from safelight.compat.prompt import slot_number
from safelight.compat.saved import LinkId, id_text, is_id, link_id, objects


class SavedLink(NamedTuple):
    """One wire: which output of which node feeds which input of which node."""

    id: LinkId
    origin: str
    origin_slot: int
    target: str
    target_slot: int
    type: Any
    raw: Any


def links_of(tree: Mapping[str, Any]) -> Iterator[SavedLink]:
    """The wires that a file or a subgraph lists; entries that make no sense are passed over."""
    links = tree.get("links")
    entries = list(links.values()) if isinstance(links, dict) else links
    for entry in entries if isinstance(entries, list) else ():
        link = link_of(entry)
        if link is not None:
            yield link


def link_of(entry: Any) -> SavedLink | None:
    """One wire from its entry, or None if that says too little."""
    if isinstance(entry, dict):
        keys = ("id", "origin_id", "origin_slot", "target_id", "target_slot", "type")
        fields = [entry.get(key) for key in keys]
    elif isinstance(entry, list) and len(entry) >= 3:
        fields = (entry + [None] * 3)[:6]
    else:
        return None
    id, slot, end = link_id(fields[0]), slot_number(fields[2]), slot_number(fields[4])
    if id is None or slot is None or not is_id(fields[1]):
        return None
    target = id_text(fields[3]) if is_id(fields[3]) else ""
    return SavedLink(id, id_text(fields[1]), slot, target, -1 if end is None else end, fields[5], entry)


def links_of_outputs(nodes: Any) -> Iterator[SavedLink]:
    """The wires of a file that lists none: they begin where the nodes' outputs name them."""
    for node in objects(nodes):
        outputs = node.get("outputs")
        for slot, output in enumerate(outputs if isinstance(outputs, list) else ()):
            links = output.get("links") if isinstance(output, dict) else None
            for link in links if isinstance(links, list) else ():
                id = link_id(link)
                if id is not None:
                    yield SavedLink(id, id_text(node.get("id")), slot, "", -1, output.get("type"), None)
