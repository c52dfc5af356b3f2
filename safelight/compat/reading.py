"""Reading: which place of a node's `widgets_values` holds which value, from its type and from the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from safelight.compat.layout import CONTROL_MODES, WIDGET_TYPES, Slot, blank, buttons_of, controlled
from safelight.core.shape import DEEPEST
from safelight.core.spec import InputSpec, NodeSpec
from safelight.core.widget import Choice, Number, Seed, Toggle, Variant

CAPTIONS = frozenset({"upload3dmodel", "uploadExtraResources", "clear"})
PRESSED = frozenset({"", "image", "refresh"})
"""What upload buttons are saved as; some leave an object or nothing."""

Way: TypeAlias = Literal["plain", "dummies", "flat"]
PLAIN: Way = "plain"
DUMMIES: Way = "dummies"
FLAT: Way = "flat"
"""How a list may be read."""


class Reading(NamedTuple):
    """The places of a list, and whether each holds what belongs there and none is left over."""

    slots: list[Slot]
    fits: bool


def slots_of(spec: NodeSpec, saved: Sequence[Any]) -> list[Slot]:
    """The places of `saved`, the list that a node of this type was saved with; all if it is shorter."""
    return reading_of(spec, saved).slots


def reading_of(spec: NodeSpec, saved: Sequence[Any]) -> Reading:
    """How a list is to be read. Where it can be in several ways, its values tell which one is meant."""
    plain = _best(spec, saved, PLAIN)
    if len(plain.slots) == len(saved):
        return plain
    others = (_best(spec, saved, way) for way in (DUMMIES, FLAT))
    return next((one for one in others if len(one.slots) == len(saved)), plain)


def _best(spec: NodeSpec, saved: Sequence[Any], way: Way) -> Reading:
    """The first of the ways to read the rest in which least is strange."""
    tried: list[tuple[int, list[Slot]]] = []
    for beside, free in ((False, False), (True, False), (False, True)):
        reader = _Reader(saved, way, beside, free)
        slots = reader.all(spec.inputs)
        tried.append((reader.strange, slots))
        if not reader.strange:
            break
    strange, slots = min(tried, key=lambda one: one[0])
    return Reading(slots, not strange and len(slots) == len(saved))


class _Reader:
    """Walks a node's inputs and the list of its values side by side, since each depends on the other.

    Old files have dummies for inputs that take a link only. Files that are older than a choice on which
    others depend have that choice alone: they are read flat. Editors put upload buttons after all that is
    required, other programs right behind (`beside`) the file that they are for. The pages of some packs put
    a control behind any number (`free`).
    """

    def __init__(self, saved: Sequence[Any], way: Way, beside: bool, free: bool) -> None:
        self.saved = saved
        self.way = way
        self.beside = beside
        self.free = free
        self.place = 0
        self.strange = 0
        self.pressed = 0

    def all(self, inputs: Iterable[InputSpec]) -> list[Slot]:
        """The places; `strange` then counts those that hold what does not belong there."""
        return [*self.read(inputs), *self.buttons(late=True)]

    def read(self, inputs: Iterable[InputSpec], before: str = "", depth: int = 0) -> Iterator[Slot]:
        for one in inputs:
            name = f"{before}{one.name}"
            if not (one.required or depth):
                yield from self.buttons(late=True)
            if one.raw.get("forceInput"):
                if self.way == DUMMIES and one.type in WIDGET_TYPES:
                    yield self.taken(Slot(name, "dummy"))
            elif one.widget is not None:
                yield from self.widget(one, name)
                if isinstance(one.widget, Variant) and depth < DEEPEST and self.way != FLAT:
                    option = self.chosen(one.widget)
                    yield from self.read(one.widget.of.get(option, ()), f"{name}.", depth + 1)

    def widget(self, one: InputSpec, name: str) -> Iterator[Slot]:
        while one.type == "LOAD_3D" and self.ahead() in CAPTIONS:
            yield self.taken(Slot(name, "button"))
        self.judge(_belongs(one, self.here()))
        yield self.taken(Slot(name, "value", blank(one)))
        if self.has_control(one):
            yield self.taken(Slot(name, "control", "fixed"))
        self.pressed += buttons_of(one)
        yield from self.buttons(late=False)
        if one.type == "BOUNDING_BOX":
            for _ in range(4 * self.numbers_follow(4)):
                yield self.taken(Slot(name, "button", 0))

    def has_control(self, one: InputSpec) -> bool:
        """Whether what comes next is the control of an input."""
        if controlled(one):
            return self.place >= len(self.saved) or _is_mode(self.saved[self.place])
        return self.free and isinstance(one.widget, Number) and self.ahead() in CONTROL_MODES

    def buttons(self, late: bool) -> Iterator[Slot]:
        """The buttons of the files so far, at one of the two places where they can be."""
        while self.pressed and (late or self.beside):
            self.pressed -= 1
            self.judge(not isinstance(self.here(), (bool, int, float)) and self.ahead() in PRESSED)
            yield self.taken(Slot("", "button", "image"))

    def here(self) -> Any:
        """What stands at the next place; nothing behind the end."""
        return self.saved[self.place] if self.place < len(self.saved) else None

    def judge(self, belongs: bool) -> None:
        self.strange += not belongs

    def taken(self, slot: Slot) -> Slot:
        self.place += 1
        return slot

    def ahead(self) -> str:
        """The text that stands at the next place, if it is one."""
        value = self.here()
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


def _belongs(one: InputSpec, value: Any) -> bool:
    """Whether a value is of the kind that an input takes, as far as its kind tells."""
    match one.widget:
        case Choice(options=options) if options:
            return value is None or value in options
        case Number() | Seed():
            return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
        case Toggle():
            return value is None or isinstance(value, bool)
        case _:
            return True


def _is_mode(value: Any) -> bool:
    """Very old files have true and false for randomize and fixed."""
    return value is None or isinstance(value, bool) or (isinstance(value, str) and value in CONTROL_MODES)
