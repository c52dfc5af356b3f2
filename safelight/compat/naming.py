"""Naming: names for the values of a node whose type is not known, wherever the file tells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from safelight.compat.layout import CONTROL_MODES, Slot
from safelight.compat.value import unwrapped

LORAS = "Power Lora Loader (rgthree)"
"""A widely used type whose inputs have any number: each that it holds is an object that names a LoRA."""
COMBO = "CustomCombo"
"""ComfyUI's type whose list of texts is written on the node: behind the choice and its place."""
MOST_TEXTS = 1000
"""How many of them are kept; a file may claim any number."""
SKIPPED = 3
"""How many values in a row may belong to what only editors show (buttons, previews)."""


def slots_by_names(names: Iterable[str], saved: Sequence[Any]) -> list[Slot]:
    """The places of a node of unknown type, from its widgets' names; an empty list if they do not match."""
    plain = [Slot(name) for name in names]
    slots: list[Slot] = []
    for slot in plain:
        slots.append(slot)
        if _is_mode(saved, len(slots)) and len(plain) != len(saved):
            slots.append(Slot(slot.name, "control", "fixed"))
    return slots if len(slots) == len(saved) else []


def slots_of_loras(saved: Sequence[Any]) -> list[Slot]:
    """The places of a list of LoRAs, called in their order; an empty list if there are none."""
    slots: list[Slot] = []
    for value in saved:
        number = sum(slot.kind == "value" for slot in slots) + 1
        named = isinstance(value, dict) and "lora" in value
        slots.append(Slot(f"lora_{number}") if named else Slot("", "button"))
    return slots if any(slot.kind == "value" for slot in slots) else []


def slots_of_combo(saved: Sequence[Any]) -> list[Slot]:
    """The places of a list of texts that is written on the node; the oldest files do not have the `index`."""
    indexed = len(saved) < 2 or not isinstance(saved[1], str)
    head = [Slot("choice", "value", ""), *([Slot("index", "value", 0)] if indexed else [])]
    return head + [Slot(f"option{number}", "value", "") for number in range(1, len(saved) - len(head) + 1)]


def list_of_combo(values: Mapping[str, Any]) -> list[Any]:
    """The list in which such a node saves its values: as many texts as the last one says."""
    numbers = [int(name[6:]) for name in values if name.startswith("option") and name[6:].isdecimal()]
    texts = [
        values.get(f"option{number}", "") for number in range(1, min(MOST_TEXTS, max(numbers, default=0)) + 1)
    ]
    return [values.get("choice", ""), values.get("index", 0), *texts]


def slots_by_prompt(sent: Mapping[str, Any], sockets: set[str], saved: Sequence[Any]) -> list[Slot]:
    """The places of a node, from what the same node was sent as: inputs there stand in the widgets' order.

    `sockets` are its inputs that are no widgets. A list may hold more than was sent; what was not sent is
    told by the value that follows. An empty list if the two do not match.
    """
    names = [name for name in sent if name not in sockets]
    while names and isinstance(sent[names[-1]], list) and len(names) > len(saved):
        names.pop()
    slots: list[Slot] = []
    for number, name in enumerate(names):
        place = _place(sent[name], saved, len(slots))
        if place is None:
            return []
        slots += [Slot("", "button")] * (place - len(slots))
        slots.append(Slot(name))
        following = sent[names[number + 1]] if number + 1 < len(names) else None
        if _is_mode(saved, len(slots)) and saved[len(slots)] != following:
            slots.append(Slot(name, "control", "fixed"))
    return slots


def _place(value: Any, saved: Sequence[Any], start: int) -> int | None:
    """Where a value that was sent stands from `start` on: there, unless only a later place has it."""
    if start >= len(saved):
        return None
    if isinstance(value, list):
        return start
    ahead = range(start, min(start + SKIPPED + 1, len(saved)))
    return next((place for place in ahead if saved[place] == unwrapped(value)), start)


def _is_mode(saved: Sequence[Any], place: int) -> bool:
    value = saved[place] if place < len(saved) else None
    return isinstance(value, str) and value in CONTROL_MODES
