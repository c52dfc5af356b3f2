"""Unknown: the values of nodes whose types are not here, or not as they were, as far as the file tells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from safelight.compat.document import Document
from safelight.compat.layout import Slot
from safelight.compat.naming import LORAS, slots_by_prompt
from safelight.compat.order import placed
from safelight.compat.reading import reading_of
from safelight.compat.replacement import BY_OLD
from safelight.compat.saved import SavedNode, objects, widget_names
from safelight.compat.value import PlacedValues

ORDERED = (1, 16)
"""The front end since which a node lists a socket for each of its widgets, in their order."""
SHOWN_ONLY = re.compile(r"videopreview|choose .* to upload")
"""What some packs save by name that is a player or a button, and is never sent."""


class Unknown:
    """The values of a document's nodes of unknown types.

    A file names them itself (an object, or the sockets of its widgets), or what it was sent as does.
    """

    def __init__(self, document: Document) -> None:
        self._sent = document.sent
        self._ordered = in_order(document.tree)
        self._within = {(id.rpartition(":")[2], _type(sent)): sent for id, sent in document.sent.items()}

    def values(self, node: SavedNode) -> dict[str, Any]:
        """The values of a node that have a name for sure."""
        stored = node.raw.get("widgets_values")
        if isinstance(stored, dict):
            return {name: value for name, value in stored.items() if not SHOWN_ONLY.fullmatch(name)}
        slots = self._slots(node)
        values = node.values if slots is None else PlacedValues(node.raw, slots)
        return {name: _lora(value) if node.type == LORAS else value for name, value in values.items()}

    def otherwise(self, node: SavedNode) -> dict[str, Any]:
        """The values of a node of a known type whose list is of another version of it; else nothing."""
        slots = self._slots(node) if node.spec is not None else None
        return {} if slots is None else dict(PlacedValues(node.raw, slots))

    def view(self, node: SavedNode) -> SavedNode:
        """The node with the places of its values, as far as they are known."""
        slots = None if node.virtual else self._slots(node)
        return node if slots is None else SavedNode(node.raw, None, node.id, slots, node.spec)

    def asked(self, node: SavedNode) -> dict[str, Any] | None:
        """What a node was sent as, where its values have their names from there; else None."""
        return self._entry(node) if self._slots(node) else None

    def _slots(self, node: SavedNode) -> Sequence[Slot] | None:
        """The places of a list as they are known otherwise than by the node itself; None if it tells them."""
        stored = node.raw.get("widgets_values")
        if not isinstance(stored, list):
            return None
        if node.spec is not None:
            fits = not self._sent or reading_of(node.spec, stored).fits
            return None if fits else self._by_prompt(node, stored) or None
        known = placed(node.type)
        if known is not None and self._sent and not reading_of(known, stored).fits:
            return self._by_prompt(node, stored) or None
        told = self._ordered or known is not None or node.type in BY_OLD or node.type == LORAS
        if (told or len(widget_names(node.raw)) == 1) and any(node.values):
            return None
        return self._by_prompt(node, stored)

    def lost(self, node: SavedNode) -> bool:
        """Whether a node has values that nothing names."""
        stored = node.raw.get("widgets_values")
        return isinstance(stored, list) and any(one is not None for one in stored) and not self.values(node)

    def _by_prompt(self, node: SavedNode, stored: list[Any]) -> Sequence[Slot]:
        entry = self._entry(node)
        if entry is None:
            return []
        plain = {str(one.get("name")) for one in objects(node.raw.get("inputs")) if "widget" not in one}
        return slots_by_prompt(entry["inputs"], plain, stored)

    def _entry(self, node: SavedNode) -> dict[str, Any] | None:
        """What a node was sent as; of one inside a subgraph, what one of its instances was."""
        entry = self._sent.get(node.id)
        if _type(entry) != node.type:
            entry = self._within.get((node.id.rpartition(":")[2], node.type))
        return entry if isinstance(entry, dict) and isinstance(entry.get("inputs"), dict) else None


def _lora(value: Any) -> Any:
    """A LoRA as it is sent: its strength for texts is left out where it has none of its own."""
    if isinstance(value, dict) and value.get("strengthTwo", "") is None:
        return {name: one for name, one in value.items() if name != "strengthTwo"}
    return value


def _type(sent: Any) -> str | None:
    type = sent.get("class_type") if isinstance(sent, dict) else None
    return type if isinstance(type, str) else None


def in_order(tree: Mapping[str, Any]) -> bool:
    """Whether the sockets that a file lists for widgets stand in the widgets' order.

    Before, only those had one that a person had turned into a socket, in the order in which that was done.
    """
    extra = tree.get("extra")
    version = extra.get("frontendVersion") if isinstance(extra, dict) else None
    if isinstance(version, str):
        numbers = [int(part) for part in version.split(".")[:2] if part.isascii() and part.isdecimal()]
        return tuple(numbers) >= ORDERED
    sockets = (entry for node in objects(tree.get("nodes")) for entry in objects(node.get("inputs")))
    return any("localized_name" in entry for entry in sockets)
