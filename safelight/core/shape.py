"""Shape: a node type whose inputs depend on a node's values and wires, as one node has it.

A dynamic input is flat outside the node, with dots in its name, as saved files have it (`images.image0`,
`resize_type`, `resize_type.multiplier`), and nested inside: the function gets `images={"image0": ...}` and
`resize_type={"resize_type": "scale by multiplier", "multiplier": 2.0}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from safelight.core.socket import ANY
from safelight.core.spec import REQUIRED, Grow, InputSpec, NodeSpec
from safelight.core.widget import Free, Variant

DEEPEST = 20
"""How many choices may depend on each other."""
MOST_SHAPES = 1000
"""How many shapes of a type are kept; where inputs may have any name, there is no end of them."""


@dataclass(frozen=True, slots=True)
class Laid:
    """An input as one node has it: under its dotted name, with its place in the function's arguments."""

    input: InputSpec
    path: tuple[str, ...]


@dataclass(slots=True)
class _Shaper:
    """Lays the inputs of one node open."""

    given: Mapping[str, Any]
    used: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.given:
            group, dot, item = name.rpartition(".")
            if dot:
                self.used.setdefault(group, set()).add(item)

    def lay(
        self, inputs: Sequence[InputSpec], before: str = "", above: tuple[str, ...] = ()
    ) -> Iterator[Laid]:
        for one in inputs:
            name, path = f"{before}{one.name}", (*above, one.name)
            named = one if not before else replace(one, name=name)
            if one.grow is not None:
                yield from self.grown(named, one.grow, path)
            elif isinstance(one.widget, Variant):
                yield from self.chosen(named, one.widget, path)
            else:
                yield Laid(named, path)

    def grown(self, one: InputSpec, grow: Grow, path: tuple[str, ...]) -> Iterator[Laid]:
        used = self.used.get(one.name, set())
        last = max((place for place, name in enumerate(grow.names) if name in used), default=-1)
        for place, item in enumerate(grow.names[: max(last + 1, grow.min)]):
            must = one.required and place < grow.min and grow.one.required
            default = grow.one.default if must or grow.one.default is not REQUIRED else None
            item_spec = replace(grow.one, name=f"{one.name}.{item}", default=default, required=must)
            yield Laid(item_spec, (*path, item))

    def chosen(self, one: InputSpec, variant: Variant, path: tuple[str, ...]) -> Iterator[Laid]:
        yield Laid(one, (*path, path[-1]))
        inner = variant.of.get(option) if isinstance(option := self.option(one, variant), str) else None
        if inner and len(path) < DEEPEST:
            yield from self.lay(inner, f"{one.name}.", path)

    def option(self, one: InputSpec, variant: Variant) -> Any:
        if one.name in self.given:
            return self.given[one.name]
        return next(iter(variant.of), None) if one.default is REQUIRED else one.default


def lay(spec: NodeSpec, given: Mapping[str, Any]) -> Iterator[InputSpec]:
    """The inputs of a node that holds these values and wires, under dotted names, in declared order."""
    return (laid.input for laid in _Shaper(given).lay(spec.inputs))


def shaped(spec: NodeSpec, given: Mapping[str, Any]) -> NodeSpec:
    """The type as a node with these inputs has it: the same type if it is not dynamic."""
    if not spec.dynamic:
        return spec
    laid = list(_Shaper(given).lay(spec.inputs))
    if spec.open:
        known = {one.input.name for one in laid}
        above = (spec.further,) if spec.further else ()
        laid += [Laid(_further(name), (*above, name)) for name in given if name not in known]
    names = tuple(f"{one.input.name}!" if one.input.required else one.input.name for one in laid)
    key = (*names, "", *_choices(laid, given))
    shape = spec.shapes.get(key)
    if shape is None:
        nested = {one.input.name: one.path for one in laid}
        nested |= {one.name: () for one in spec.inputs if one.grow is not None}
        nested |= {spec.further: ()} if spec.further else {}
        shape = replace(spec, inputs=tuple(one.input for one in laid), nested=nested)
        if len(spec.shapes) >= MOST_SHAPES:
            spec.shapes.clear()
        spec.shapes[key] = shape
    return shape


def _further(name: str) -> InputSpec:
    """An input that a type takes without having declared it."""
    return InputSpec(name, ANY, Free(), default=None, required=False)


def _choices(laid: Sequence[Laid], given: Mapping[str, Any]) -> Iterator[str]:
    """The options that a node has chosen; what is no option counts as none, so that shapes stay few."""
    for one in laid:
        if isinstance(one.input.widget, Variant):
            option = given.get(one.input.name)
            yield option if isinstance(option, str) and option in one.input.widget.of else ""


def fold(spec: NodeSpec, flat: Mapping[str, Any]) -> dict[str, Any]:
    """The function's arguments from the inputs of a shape; what is not set and has a default gets it."""
    arguments: dict[str, Any] = {name: {} for name, path in spec.nested.items() if not path}
    for one in spec.inputs:
        path = spec.nested[one.name]
        value = flat.get(one.name, one.default if len(path) > 1 else REQUIRED)
        if value is REQUIRED or (value is None and one.name not in flat):
            continue
        place = arguments
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = value
    return arguments
