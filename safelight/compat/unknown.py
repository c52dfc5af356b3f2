"""Unknown: the values of nodes whose types are not here, or not as they were, as far as the file tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from safelight.compat.document import Document
from safelight.compat.naming import LORAS, slots_by_prompt
from safelight.compat.order import placed
from safelight.compat.reading import reading_of
from safelight.compat.replacement import BY_OLD
from safelight.compat.saved import SavedNode, objects
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

    def values(self, node: SavedNode) -> dict[str, Any]:
        """The values of a node that have a name for sure."""
        stored = node.raw.get("widgets_values")
        if isinstance(stored, dict):
            return {name: value for name, value in stored.items() if not SHOWN_ONLY.fullmatch(name)}
        if self._ordered or placed(node.type) is not None or node.type in BY_OLD or node.type == LORAS:
            values = dict(node.values)
            if values:
                return values
        return self._by_prompt(node, stored) if isinstance(stored, list) else {}

    def otherwise(self, node: SavedNode) -> dict[str, Any]:
        """The values of a node of a known type whose list is of another version of it; else nothing."""
        stored = node.raw.get("widgets_values")
        if node.spec is None or not isinstance(stored, list) or node.id not in self._sent:
            return {}
        return {} if reading_of(node.spec, stored).fits else self._by_prompt(node, stored)

    def lost(self, node: SavedNode) -> bool:
        """Whether a node has values that nothing names."""
        stored = node.raw.get("widgets_values")
        return isinstance(stored, list) and any(one is not None for one in stored) and not self.values(node)

    def _by_prompt(self, node: SavedNode, stored: list[Any]) -> dict[str, Any]:
        entry = self._sent.get(node.id)
        sent = entry.get("inputs") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(sent, dict) or entry.get("class_type") != node.type:
            return {}
        plain = {str(one.get("name")) for one in objects(node.raw.get("inputs")) if "widget" not in one}
        return dict(PlacedValues(node.raw, slots_by_prompt(sent, plain, stored)))


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
