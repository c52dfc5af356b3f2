"""Layout: which place of a node's `widgets_values` holds which value.

Saved files name no values; they list them in the order of the widgets, with extra values in between: how a
seed changes after each run, captions of upload buttons, and, in old files, dummies for inputs that take a
link only. Here the order is worked out from the node type's spec and from what the file really holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from safelight.core.shape import DEEPEST, lay
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec
from safelight.core.widget import Choice, File, Seed, Variant

SlotKind: TypeAlias = Literal["value", "control", "button", "dummy"]

CONTROL_MODES = frozenset({"fixed", "increment", "decrement", "randomize", "increment-wrap"})
SEED_NAMES = frozenset({"seed", "noise_seed"})
WIDGET_TYPES = frozenset({"INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"})


class Slot(NamedTuple):
    """One place of `widgets_values`.

    The widget that it belongs to, what of it, and what fills it if it is absent.
    """

    name: str
    kind: SlotKind = "value"
    blank: Any = None


VIRTUAL: Mapping[str, tuple[Slot, ...]] = {
    "Note": (Slot("text"),),
    "MarkdownNote": (Slot("text"),),
    "PrimitiveNode": (Slot("value"), Slot("value", "control", "fixed")),
    "Reroute": (),
    "SetNode": (Slot("name"),),
    "GetNode": (Slot("name"),),
    "Reroute (rgthree)": (),
    "Label (rgthree)": (),
    "Bookmark (rgthree)": (),
    "Node Collector (rgthree)": (),
    "Fast Muter (rgthree)": (),
    "Fast Bypasser (rgthree)": (),
    "Fast Groups Muter (rgthree)": (),
    "Fast Groups Bypasser (rgthree)": (),
    "Fast Actions Button (rgthree)": (),
    "Mute / Bypass Repeater (rgthree)": (),
    "Mute / Bypass Relay (rgthree)": (),
    "Random Unmuter (rgthree)": (),
}
"""Nodes that only editors know, with what they save; some are of widely used packs."""

CAPTIONS = frozenset({"upload3dmodel", "uploadExtraResources", "clear"})


def slots_of(spec: NodeSpec, saved: Sequence[Any]) -> list[Slot]:
    """The places of `saved`, the list that a node of this type was saved with.

    All places if the list is shorter.
    """
    plain = list(_Reader(saved).read(spec.inputs))
    if len(plain) == len(saved):
        return plain
    for reader in (_Reader(saved, dummies=True), _Reader(saved, flat=True)):
        slots = list(reader.read(spec.inputs))
        if len(slots) == len(saved):
            return slots
    return plain


def listed(spec: NodeSpec, values: Mapping[str, Any], controls: Mapping[str, Any] | None = None) -> list[Any]:
    """The list in which a node of this type saves these values; what is not given has its default.

    It ends early where neither a value nor a default is known.
    """
    controls = controls or {}
    found: list[Any] = []
    known = 0
    for one in lay(spec, values):
        if one.widget is not None and not one.raw.get("forceInput"):
            found.append(values[one.name] if one.name in values else _blank(one))
            if controlled(one):
                found.append(controls.get(one.name, "fixed"))
            found += ["image"] * _buttons(one)
            known = len(found) if one.name in values or one.default is not REQUIRED else known
    return found[:known]


def slots_by_names(names: Iterable[str], saved: Sequence[Any]) -> list[Slot]:
    """The places of a node of unknown type, from its widgets' names; an empty list if they do not match."""
    slots: list[Slot] = []
    for name in names:
        slots.append(Slot(name))
        following = saved[len(slots)] if len(slots) < len(saved) else None
        if isinstance(following, str) and following in CONTROL_MODES:
            slots.append(Slot(name, "control", "fixed"))
    return slots if len(slots) == len(saved) else []


class _Reader:
    """Walks a node's inputs and the list of its values side by side, since each depends on the other.

    Old files have dummies for inputs that take a link only. Files that are older than a choice on which
    others depend have that choice alone: they are read flat.
    """

    def __init__(self, saved: Sequence[Any], dummies: bool = False, flat: bool = False) -> None:
        self.saved = saved
        self.dummies = dummies
        self.flat = flat
        self.place = 0

    def read(self, inputs: Iterable[InputSpec], before: str = "", depth: int = 0) -> Iterator[Slot]:
        for one in inputs:
            name = f"{before}{one.name}"
            if one.raw.get("forceInput"):
                if self.dummies and one.type in WIDGET_TYPES:
                    yield self.taken(Slot(name, "dummy"))
            elif one.widget is not None:
                yield from self.widget(one, name)
                if isinstance(one.widget, Variant) and depth < DEEPEST and not self.flat:
                    option = self.chosen(one.widget)
                    yield from self.read(one.widget.of.get(option, ()), f"{name}.", depth + 1)

    def widget(self, one: InputSpec, name: str) -> Iterator[Slot]:
        while one.type == "LOAD_3D" and self.ahead() in CAPTIONS:
            yield self.taken(Slot(name, "button"))
        yield self.taken(Slot(name, "value", _blank(one)))
        if controlled(one) and (self.place >= len(self.saved) or _is_mode(self.saved[self.place])):
            yield self.taken(Slot(name, "control", "fixed"))
        for _ in range(_buttons(one)):
            yield self.taken(Slot(name, "button", "image"))
        if one.type == "BOUNDING_BOX":
            for _ in range(4 * self.numbers_follow(4)):
                yield self.taken(Slot(name, "button", 0))

    def taken(self, slot: Slot) -> Slot:
        self.place += 1
        return slot

    def ahead(self) -> str:
        """The text that stands at the next place, if it is one."""
        value = self.saved[self.place] if self.place < len(self.saved) else None
        return value if isinstance(value, str) else ""

    def chosen(self, variant: Variant) -> str:
        """The option at the place just taken; the first, if the list ends before it."""
        if self.place > len(self.saved):
            return next(iter(variant.of), "")
        value = self.saved[self.place - 1]
        return value if isinstance(value, str) else ""

    def numbers_follow(self, count: int) -> bool:
        values = self.saved[self.place : self.place + count]
        return len(values) == count and all(isinstance(value, (int, float)) for value in values)


def _blank(one: InputSpec) -> Any:
    if isinstance(one.widget, Variant) and one.default is REQUIRED:
        return next(iter(one.widget.of), None)
    return None if one.default is REQUIRED else one.default


def controlled(one: InputSpec) -> bool:
    """Whether the editor keeps, beside the value, how it changes after each run."""
    if isinstance(one.widget, (Seed, Choice)):
        return one.widget.control
    flag = one.raw.get("control_after_generate")
    return bool(flag) or (flag is None and one.type == "INT" and one.name in SEED_NAMES)


def _buttons(one: InputSpec) -> int:
    upload = one.widget.upload if isinstance(one.widget, (Choice, File)) else None
    if upload == "audio" or one.raw.get("audio_upload"):
        return 2
    return int(bool(upload or any(one.raw.get(f"{kind}_upload") for kind in ("image", "video", "file"))))


def _is_mode(value: Any) -> bool:
    """Very old files have true and false for randomize and fixed."""
    return value is None or isinstance(value, bool) or (isinstance(value, str) and value in CONTROL_MODES)
