"""Broadcast: wires that a file does not draw, because a node called "Anything Everywhere" stands for them.

Such a node sends what it gets to every input of that type that nothing feeds. Files of later versions list
where it went (`extra.ue_links`); for older ones it is worked out from the nodes' own settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from safelight.compat.prompt import slot_number
from safelight.compat.saved import LinkId, SavedNode, id_text, objects, type_name
from safelight.compat.wire import SavedLink
from safelight.core.socket import ANY

ANYTHING, FILTERED, THREE = "Anything Everywhere", "Anything Everywhere?", "Anything Everywhere3"
SEED, PROMPTS = "Seed Everywhere", "Prompts Everywhere"
SENDERS = frozenset({ANYTHING, FILTERED, THREE, SEED, PROMPTS})
PROMPT_NAMES = (r"(_|\b)pos(itive|_|\b)|^prompt", r"(_|\b)neg(ative|_|\b)")
LONGEST, MOST_STARS = 100, 3
"""How long a pattern and a text may be, and how often it may say "any number of": more could take forever."""

Place: TypeAlias = tuple[str, int]
"""A node's id, and the number of an input or of an output."""


class Drawing(NamedTuple):
    """The nodes beside each other in a file or a subgraph, its wires, and the JSON that holds them."""

    nodes: Sequence[SavedNode]
    links: Mapping[LinkId, SavedLink]
    raw: Mapping[str, Any]
    ordered: bool


@dataclass(frozen=True, slots=True)
class _Sender:
    """One value that goes everywhere it fits: where it comes from, and what is asked of the other end."""

    origin: Place
    type: str
    title: str
    name: str
    among: frozenset[str] | None
    priority: int

    def fits(self, node: SavedNode, entry: Mapping[str, Any]) -> bool:
        called = entry.get("label") or entry.get("localized_name") or entry.get("name")
        return (
            self.origin[0] != id_text(node.raw.get("id"))
            and self.type == type_name(entry.get("type"))
            and (self.among is None or id_text(node.raw.get("id")) in self.among)
            and _matches(self.title, node.title or node.type)
            and _matches(self.name, str(called))
        )


def broadcasts(drawing: Drawing) -> dict[Place, Place]:
    """By input (a node's id and the number of the input), the output that reaches it without a wire."""
    extra = drawing.raw.get("extra")
    told = extra.get("ue_links") if isinstance(extra, dict) else None
    if isinstance(told, list):
        return dict(_told(told, drawing))
    senders = [sender for node in drawing.nodes if node.type in SENDERS for sender in _senders(node, drawing)]
    return dict(_found(senders, drawing)) if senders else {}


def _told(entries: list[Any], drawing: Drawing) -> Iterator[tuple[Place, Place]]:
    """The wires that a file lists, as far as they still fit its nodes."""
    nodes = {id_text(node.raw.get("id")): node for node in drawing.nodes}
    for entry in objects(entries):
        slot, source = slot_number(entry.get("downstream_slot")), slot_number(entry.get("upstream_slot"))
        target, origin = str(entry.get("downstream")), str(entry.get("upstream"))
        if slot is None or source is None:
            continue
        if target not in nodes:
            yield (target, slot), (origin, source)
            continue
        place = _place(nodes[target], slot, type_name(entry.get("type")))
        if place is not None:
            yield (target, place), (origin, source)


def _place(node: SavedNode, slot: int, type: str) -> int | None:
    """The input that a listed wire means: that number, or else the only free one of its type."""
    free = [
        place
        for place, one in enumerate(node.inputs)
        if one.link is None and (one.type in (type, ANY) or type == ANY)
    ]
    return slot if slot in free else free[0] if len(free) == 1 else None


def _found(senders: list[_Sender], drawing: Drawing) -> Iterator[tuple[Place, Place]]:
    """The inputs that exactly one of the most particular senders fits."""
    for node in drawing.nodes:
        if node.type in SENDERS or node.muted or node.bypassed or _own(node, "rejects_ue_links"):
            continue
        for place, entry in enumerate(objects(node.raw.get("inputs"))):
            if entry.get("link") is None and _is_open(node, entry, drawing.ordered):
                fitting = [one for one in senders if one.fits(node, entry)]
                best = [one for one in fitting if one.priority == max(one.priority for one in fitting)]
                if len(best) == 1:
                    yield (id_text(node.raw.get("id")), place), best[0].origin


def _is_open(node: SavedNode, entry: Mapping[str, Any], ordered: bool) -> bool:
    """Whether an input takes what is sent to all: sockets do, widgets where a person said so."""
    name = str(entry.get("name"))
    if "widget" not in entry:
        return not _settings(node, "input_ue_unconnectable").get(name)
    allowed = _settings(node, "widget_ue_connectable")
    return bool(allowed.get(name, not ordered))


def _senders(node: SavedNode, drawing: Drawing) -> Iterator[_Sender]:
    """What one such node sends."""
    if node.muted or node.bypassed:
        return
    title, name, _ = patterns = _patterns(node)
    among = _among(node, patterns[2], drawing)
    priority = 10 + 10 * (node.type in (SEED, PROMPTS)) + 20 * any(patterns)
    priority += 3 * bool(_own(node, "group_restricted")) + 6 * bool(_own(node, "color_restricted"))
    if node.type == SEED:
        yield _Sender((id_text(node.raw.get("id")), 0), "INT", title, name or "seed", among, priority)
        return
    nodes = {id_text(one.raw.get("id")): one for one in drawing.nodes}
    for place, socket in enumerate(node.inputs):
        link = drawing.links.get(socket.link) if socket.link is not None else None
        if link is None or (link.origin in nodes and nodes[link.origin].muted):
            continue
        asked = PROMPT_NAMES[place] if node.type == PROMPTS and place < len(PROMPT_NAMES) else name
        type = type_name(link.type)
        if type == ANY and link.origin in nodes:
            outputs = nodes[link.origin].outputs
            type = outputs[link.origin_slot].type if link.origin_slot < len(outputs) else ANY
        yield _Sender((link.origin, link.origin_slot), type, title, asked, among, priority)


def _patterns(node: SavedNode) -> tuple[str, str, str]:
    """What a node asks of titles, of inputs' names and of groups' titles; empty if nothing."""
    kinds = ("title", "input", "group")
    stored = node.raw.get("widgets_values")
    listed = stored if node.type == FILTERED and isinstance(stored, list) else []
    asked = [_own(node, f"{kind}_regex") for kind in kinds]
    asked = [own or (listed[place] if place < len(listed) else "") for place, own in enumerate(asked)]
    title, name, group = (one if isinstance(one, str) and one != ".*" else "" for one in asked)
    return title, name, group


def _among(node: SavedNode, group: str, drawing: Drawing) -> frozenset[str] | None:
    """The nodes that one may send to: those in its groups, or of its colour; None for all."""
    found = {id_text(one.raw.get("id")): one for one in drawing.nodes}
    limits = []
    boxes = [box for one in objects(drawing.raw.get("groups")) if (box := _box(one.get("bounding")))]
    if rule := _own(node, "group_restricted"):
        mine = [box for box in boxes if _overlap(box, node)]
        inside = {id for id, one in found.items() if any(_overlap(box, one) for box in mine)}
        limits.append(inside if rule in (True, 1) else set(found) - inside)
    if rule := _own(node, "color_restricted"):
        alike = {id for id, one in found.items() if one.raw.get("color") == node.raw.get("color")}
        limits.append(alike if rule in (True, 1) else set(found) - alike)
    if group:
        titled = [one for one in objects(drawing.raw.get("groups")) if _matches(group, str(one.get("title")))]
        named = [box for one in titled if (box := _box(one.get("bounding")))]
        limits.append({id for id, one in found.items() if any(_overlap(box, one) for box in named)})
    return frozenset(set.intersection(*limits)) if limits else None


def _own(node: SavedNode, key: str) -> Any:
    """A setting of a node, where either version keeps it."""
    return _settings(node, "").get(key) or node.properties.get(key)


def _settings(node: SavedNode, key: str) -> Mapping[str, Any]:
    """A part of a node's settings, where either version keeps it; all of them without a key."""
    held = node.properties.get("ue_properties")
    held = held if isinstance(held, dict) else {}
    part = (held.get(key) or node.properties.get(key)) if key else held
    return part if isinstance(part, dict) else {}


def _box(bounding: Any) -> list[float] | None:
    good = isinstance(bounding, list) and len(bounding) >= 4
    good = good and all(isinstance(part, (int, float)) for part in bounding[:4])
    return bounding[:4] if good else None


def _overlap(box: list[float], node: SavedNode) -> bool:
    """Whether a node lies in a group's box, with any part of it."""
    x, y, width, height = box
    left, top = _pair(node.raw.get("pos"))
    wide, tall = _pair(node.raw.get("size"))
    return left < x + width and x < left + wide and top < y + height and y < top + tall


def _pair(value: Any) -> tuple[float, float]:
    parts = [value.get("0"), value.get("1")] if isinstance(value, dict) else value
    parts = parts if isinstance(parts, list) and len(parts) >= 2 else [0, 0]
    first, second = (part if isinstance(part, (int, float)) else 0 for part in parts[:2])
    return first, second


def _matches(pattern: str, text: str) -> bool:
    """Whether a text matches; a pattern that is none, or that could take forever, matches nothing."""
    if not pattern:
        return True
    stars = len(re.findall(r"[*+{]", pattern))
    if len(pattern) > LONGEST or stars > MOST_STARS or re.search(r"\)[*+{]", pattern):
        return False
    try:
        return re.search(pattern, text[:LONGEST]) is not None
    except (re.error, OverflowError):
        return False
