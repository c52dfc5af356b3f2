"""Values by name, read from and written into the place where the saved file keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from safelight.compat.layout import Slot, SlotKind

NAMED = "widgets_values_named"
"""A second copy of a node's values, by name, which newer front ends write beside the list.

By default they read the list. What the copy says counts for those whose user asked for that, so it must not
tell of values that are no longer there.
"""
CONTROL = "control_after_generate"
"""What the copy calls the control of a value."""


class PlacedValues(Mapping[str, Any]):
    """The widgets' values of one saved node by name; assigning changes the file, at that place only.

    `widgets_values` may be a list in the order of `slots`, an object by name, or absent. A value that the
    file does not hold is not in this mapping, but can be assigned: the places before it are filled with
    defaults.
    """

    def __init__(self, raw: dict[str, Any], slots: Sequence[Slot], kind: SlotKind = "value") -> None:
        self._raw = raw
        self._slots = slots
        self._kind = kind
        self._places = {slot.name: place for place, slot in enumerate(slots) if slot.kind == kind}

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that can be assigned, in the order of the file."""
        return tuple(self._places)

    def __getitem__(self, name: str) -> Any:
        stored = self._raw.get("widgets_values")
        if isinstance(stored, dict):
            if name in self._places:
                return stored[name]
        elif isinstance(stored, list) and self._places[name] < len(stored):
            return stored[self._places[name]]
        raise KeyError(name)

    def __setitem__(self, name: str, value: Any) -> None:
        place = self._places[name]
        self._copy(name, value)
        stored = self._raw.get("widgets_values")
        if isinstance(stored, dict):
            stored[name] = value
            return
        if not isinstance(stored, list):
            stored = self._raw["widgets_values"] = []
        stored.extend(slot.blank for slot in self._slots[len(stored) : place + 1])
        stored[place] = value

    def _copy(self, name: str, value: Any) -> None:
        """Change the file's second copy as well; it is given up where it does not tell whose the value is."""
        copy = self._raw.get(NAMED)
        key = name if self._kind == "value" else CONTROL
        if isinstance(copy, dict) and key in copy and (key == name or len(self._places) == 1):
            copy[key] = value
        else:
            self._raw.pop(NAMED, None)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._places if self._holds(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _holds(self, name: str) -> bool:
        stored = self._raw.get("widgets_values")
        if isinstance(stored, dict):
            return name in stored
        return isinstance(stored, list) and self._places[name] < len(stored)


class PromptValues(Mapping[str, Any]):
    """The values among the inputs of one node of an API file, by name; links are not values."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._raw = raw

    @property
    def _inputs(self) -> dict[str, Any]:
        inputs = self._raw.get("inputs")
        return inputs if isinstance(inputs, dict) else {}

    def __getitem__(self, name: str) -> Any:
        value = self._inputs[name]
        if isinstance(value, list):
            raise KeyError(name)
        return unwrapped(value)

    def __setitem__(self, name: str, value: Any) -> None:
        if not isinstance(self._raw.get("inputs"), dict):
            self._raw["inputs"] = {}
        self._raw["inputs"][name] = wrapped(value)

    def __iter__(self) -> Iterator[str]:
        return (name for name, value in self._inputs.items() if not isinstance(value, list))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def unwrapped(value: Any) -> Any:
    """The value that an API file means: `{"__value__": x}` is x."""
    return value["__value__"] if isinstance(value, dict) and "__value__" in value else value


def wrapped(value: Any) -> Any:
    """A value as an API file says it: a list alone would be taken for a link."""
    if isinstance(value, (list, tuple)) or (isinstance(value, dict) and "__value__" in value):
        return {"__value__": value}
    return value
