"""Layout: which place of a node's `widgets_values` holds which value.

Saved files name no values; they list them in the order of the widgets, with extra values in between: how a
seed changes after each run, captions of upload buttons, and, in old files, dummies for inputs that take a
link only. Here the order is worked out from the node type's spec and from what the file really holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from safelight.core.spec import REQUIRED, InputSpec, NodeSpec
from safelight.core.widget import Choice, File, Seed

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
}
"""Nodes that only editors know, with what they save."""


def slots_of(spec: NodeSpec, saved: Sequence[Any]) -> list[Slot]:
    """The places of `saved`, the list that a node of this type was saved with.

    All places if the list is shorter.
    """
    slots = [slot for one in spec.inputs for slot in _slots(one)]
    if len(saved) != len(slots):
        slots = [slot for slot in slots if slot.kind != "dummy"]
    return list(_present(slots, saved))


def slots_by_names(names: Iterable[str], saved: Sequence[Any]) -> list[Slot]:
    """The places of a node of unknown type, from its widgets' names; an empty list if they do not match."""
    slots: list[Slot] = []
    for name in names:
        slots.append(Slot(name))
        following = saved[len(slots)] if len(slots) < len(saved) else None
        if isinstance(following, str) and following in CONTROL_MODES:
            slots.append(Slot(name, "control", "fixed"))
    return slots if len(slots) == len(saved) else []


def _slots(one: InputSpec) -> Iterator[Slot]:
    if one.raw.get("forceInput"):
        if one.type in WIDGET_TYPES:
            yield Slot(one.name, "dummy")
    elif one.widget is not None:
        yield Slot(one.name, "value", None if one.default is REQUIRED else one.default)
        if controlled(one):
            yield Slot(one.name, "control", "fixed")
        for _ in range(_buttons(one)):
            yield Slot(one.name, "button", "image")


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


def _present(slots: Iterable[Slot], saved: Sequence[Any]) -> Iterator[Slot]:
    """The slots without those of controls that the file was saved without."""
    place = 0
    for slot in slots:
        if slot.kind == "control" and place < len(saved) and not _is_mode(saved[place]):
            continue
        place += 1
        yield slot


def _is_mode(value: Any) -> bool:
    """Very old files have true and false for randomize and fixed."""
    return value is None or isinstance(value, bool) or (isinstance(value, str) and value in CONTROL_MODES)
