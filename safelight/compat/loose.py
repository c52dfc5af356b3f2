"""Loose wires: those that a drawing lists and no input mentions.

Where the output that such a wire begins at has it too, and its input is free, editors connect it; so it is
here, if the types fit. All others lead nowhere; those of nodes that are gone are not worth a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from safelight.compat.definition import Definition
from safelight.compat.saved import LinkId, link_id, type_name
from safelight.compat.wire import SavedLink
from safelight.core.socket import ANY, accepts

MOST_NAMED = 4
"""How many wires that lead nowhere are named."""
Place: TypeAlias = tuple[str, int]


class Loose(NamedTuple):
    """The wires to connect, by where they end, and those that lead nowhere."""

    mended: dict[Place, SavedLink]
    left: list[SavedLink]

    def told(self) -> str:
        """What is left out, in words."""
        named = ", ".join(f"{one.id} ('{one.origin}' to '{one.target}')" for one in self.left[:MOST_NAMED])
        more = f" and {len(self.left) - MOST_NAMED} more" if len(self.left) > MOST_NAMED else ""
        if len(self.left) == 1:
            return f"one wire that the file lists ends at no input, and was left out: {named}"
        return f"{len(self.left)} wires that the file lists end at no input, and were left out: {named}{more}"


def loose_wires(
    nodes: Mapping[str, Mapping[str, Any]], links: Iterable[SavedLink], within: Definition | None = None
) -> Loose:
    """The loose wires of one drawing, the last first, as editors take them."""
    listed = {link.id: link for link in links}
    sockets = {id: _entries(raw.get("inputs")) for id, raw in nodes.items()}
    mentioned = {link_id(entry.get("link")) for entries in sockets.values() for entry in entries}
    found = Loose({}, [])
    for link in reversed(listed.values()):
        if link.id in mentioned or not link.target or (within is not None and link.target == within.exit):
            continue
        place = (link.target, link.target_slot)
        entry = _at(sockets.get(link.target, []), link.target_slot)
        output = _output(link, nodes, within)
        wired = link_id(entry.get("link")) if entry is not None else None
        if entry is not None and wired is None and place not in found.mended and _fits(link, output, entry):
            found.mended[place] = link
        elif output is not None and link.target in nodes:
            other = listed.get(wired) if wired is not None else found.mended.get(place)
            if not _is_twin(link, other):
                found.left.append(link)
    return found


def _output(
    link: SavedLink, nodes: Mapping[str, Mapping[str, Any]], within: Definition | None
) -> Mapping[str, Any] | None:
    """What a wire begins at: an output, or the input of the subgraph around it."""
    if within is not None and link.origin == within.entry:
        return _at(_entries(within.raw.get("inputs")), link.origin_slot)
    return _at(_entries(nodes.get(link.origin, {}).get("outputs")), link.origin_slot)


def _fits(link: SavedLink, output: Mapping[str, Any] | None, entry: Mapping[str, Any]) -> bool:
    """Whether a wire is among those of its output, which gives what its input takes."""
    if output is None:
        return False
    ids = output.get("links", output.get("linkIds"))
    mentioned: set[LinkId | None] = {link_id(id) for id in ids} if isinstance(ids, list) else set()
    given, wanted = type_name(output.get("type")), type_name(entry.get("type"))
    return link.id in mentioned and (given == ANY or accepts(wanted, given))


def _is_twin(link: SavedLink, other: SavedLink | None) -> bool:
    """Whether another wire brings the same to the same input."""
    return other is not None and (other.origin, other.origin_slot) == (link.origin, link.origin_slot)


def _entries(entries: Any) -> list[dict[str, Any]]:
    """The sockets in a list, each at its place."""
    return [one if isinstance(one, dict) else {} for one in entries] if isinstance(entries, list) else []


def _at(entries: list[dict[str, Any]], place: int) -> dict[str, Any] | None:
    return entries[place] if 0 <= place < len(entries) else None
