"""One node as it stands in a saved file: a view on its JSON, with its values by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from safelight.compat.layout import VIRTUAL, Slot, has_place
from safelight.compat.naming import COMBO, LORAS, slots_by_names, slots_of_combo, slots_of_loras
from safelight.compat.order import placed
from safelight.compat.reading import slots_of
from safelight.compat.replacement import BY_OLD
from safelight.compat.value import PlacedValues, PromptValues
from safelight.core.error import Where
from safelight.core.registry import Registry
from safelight.core.shape import lay
from safelight.core.spec import NodeSpec

MUTED = 2
BYPASSED = 4
GROUP_PREFIXES = ("workflow/", "workflow>")

LinkId: TypeAlias = int | str


class SavedSocket(NamedTuple):
    """One entry of a saved node's `inputs` or `outputs`.

    `link` is the id of the wire that ends here, or None.
    """

    name: str
    type: str
    link: LinkId | None = None


class SavedNode:
    """A node of an editor file.

    `raw` is its JSON; `spec` is None if its type is unknown or only editors have it. `slots` are its places
    for values where these are known otherwise. Without a registry, `spec` may be given.
    """

    def __init__(
        self,
        raw: dict[str, Any],
        registry: Registry | None = None,
        id: str | None = None,
        slots: Sequence[Slot] | None = None,
        spec: NodeSpec | None = None,
    ) -> None:
        self.raw = raw
        self.id = id_text(raw["id"]) if id is None else id
        self._given_slots = slots
        self.type: str = raw["type"]
        self.spec: NodeSpec | None = registry.find(self.type) if registry is not None else spec

    @property
    def title(self) -> str:
        """The title that a person gave to the node, or nothing."""
        title = self.raw.get("title")
        return title if isinstance(title, str) else ""

    @property
    def where(self) -> Where:
        """The node, for messages."""
        return Where(node=self.id, type=self.type, title=self.title or None)

    @property
    def muted(self) -> bool:
        """Whether the node is switched off, with nothing in its place."""
        return self.raw.get("mode") == MUTED

    @property
    def bypassed(self) -> bool:
        """Whether the node is switched off, and what comes in goes out unchanged."""
        return self.raw.get("mode") == BYPASSED

    @property
    def virtual(self) -> bool:
        """Whether only editors know this node: notes, reroutes, primitives."""
        return self.spec is None and self.type in VIRTUAL

    @property
    def inputs(self) -> list[SavedSocket]:
        """The input sockets in the order of the file."""
        return _sockets(self.raw.get("inputs"))

    @property
    def outputs(self) -> list[SavedSocket]:
        """The output sockets in the order of the file."""
        return _sockets(self.raw.get("outputs"))

    @property
    def values(self) -> PlacedValues:
        """The widgets' values by name; assigning changes the file."""
        return PlacedValues(self.raw, self.slots)

    @property
    def controls(self) -> PlacedValues:
        """How a value changes after each run (`fixed`, `randomize`, ...), by the widget's name."""
        return PlacedValues(self.raw, self.slots, "control")

    @property
    def properties(self) -> dict[str, Any]:
        """What editors note about a node: where its pack and its models can be had, among others."""
        properties = self.raw.get("properties")
        return properties if isinstance(properties, dict) else {}

    @property
    def slots(self) -> Sequence[Slot]:
        """The places of `widgets_values`."""
        if self._given_slots is not None:
            return self._given_slots
        stored = self.raw.get("widgets_values")
        if isinstance(stored, dict):
            return self._named_slots(stored)
        saved = stored if isinstance(stored, list) else []
        if self.type == LORAS and (slots := slots_of_loras(saved)):
            return slots
        if self.type == COMBO:
            return slots_of_combo(saved)
        if self.spec is not None:
            slots = slots_of(self.spec, saved)
            return slots if len(slots) >= len(saved) else self._longer(self.spec, slots, saved)
        return VIRTUAL.get(self.type) or self._guessed_slots(saved)

    def _longer(self, spec: NodeSpec, slots: list[Slot], saved: list[Any]) -> Sequence[Slot]:
        """The places of a list that is longer than its type's: further sockets may name what is left."""
        known = {one.name for one in lay(spec, {}) if has_place(one)} | {slot.name for slot in slots}
        further = [Slot(name) for name in self._widget_names() if name not in known]
        if further and len(slots) + len(further) == len(saved):
            return [*slots, *further]
        return slots_by_names(self._widget_names(), saved) or slots

    def _named_slots(self, stored: dict[str, Any]) -> Sequence[Slot]:
        if self.spec is None:
            return [Slot(name) for name in stored]
        laid = lay(self.spec, stored)
        return [Slot(one.name) for one in laid if one.widget is not None or one.name in stored]

    def _guessed_slots(self, saved: list[Any]) -> Sequence[Slot]:
        """The places of an unknown type: as the file names its widgets, else as the type is known to be."""
        spec = placed(self.type)
        if spec is None or len(self._widget_names()) > 1:
            named = slots_by_names(self._widget_names(), saved)
            if named or spec is None:
                return named
        return slots_of(spec, saved)

    def _widget_names(self) -> list[str]:
        return list(BY_OLD[self.type].widgets) if self.type in BY_OLD else widget_names(self.raw)


class PromptNode:
    """A node of an API file. It has values by name, and no more than that of what an editor's node has."""

    def __init__(self, id: str, raw: dict[str, Any], registry: Registry | None = None) -> None:
        self.raw = raw
        self.id = id
        self.type: str = raw["class_type"]
        self.spec: NodeSpec | None = registry.find(self.type) if registry is not None else None

    @property
    def title(self) -> str:
        """The title that is noted for error messages, or nothing."""
        meta = self.raw.get("_meta")
        title = meta.get("title") if isinstance(meta, dict) else None
        return title if isinstance(title, str) else ""

    @property
    def where(self) -> Where:
        """The node, for messages."""
        return Where(node=self.id, type=self.type, title=self.title or None)

    @property
    def values(self) -> PromptValues:
        """The values by name; assigning changes the file."""
        return PromptValues(self.raw)

    @property
    def properties(self) -> dict[str, Any]:
        """Empty: API files note nothing about a node."""
        return {}


def widget_names(raw: dict[str, Any]) -> list[str]:
    """The names of the values for which a node has sockets, in the order of these."""
    widgets = [entry.get("widget") for entry in objects(raw.get("inputs"))]
    names = [widget.get("name") for widget in widgets if isinstance(widget, dict)]
    return [name for name in names if isinstance(name, str)]


def type_name(type: Any) -> str:
    """A socket's type as one text: files have a text, a list of texts, or (for events, long ago) a number."""
    if isinstance(type, list):
        return ",".join(str(part) for part in type)
    return str(type) if type not in (None, "", 0) else "*"


def is_id(value: Any) -> bool:
    """Whether a node can go by a value: a whole number, or a text."""
    return isinstance(value, (int, str)) or (isinstance(value, float) and value.is_integer())


def id_text(value: Any) -> str:
    """A node's id as a text; 3 and 3.0 are one number."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def link_id(value: Any) -> LinkId | None:
    """A wire's id as a number where it is one: files have 7, "7" and 7.0 for the same."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 20 else value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _sockets(entries: Any) -> list[SavedSocket]:
    if not isinstance(entries, list):
        return []
    found = (entry if isinstance(entry, dict) else {} for entry in entries)
    return [
        SavedSocket(str(entry.get("name", "")), type_name(entry.get("type")), link_id(entry.get("link")))
        for entry in found
    ]


def objects(entries: Any) -> list[dict[str, Any]]:
    """The objects in a list; none if it is no list."""
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def group_name(type: str) -> str | None:
    """The name of the group node that a type means (`workflow/NAME`, `workflow>NAME`), or None."""
    return type[len("workflow/") :] if type.startswith(GROUP_PREFIXES) else None
