"""Coercion: values that say clearly what is meant, though not in the type that the input takes.

This is the tolerance at the border: it happens once, on the way in, and each case is told as a notice. What
is not covered is left as it is for validation to refuse; NaN and infinities always are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, TypeAlias

from safelight.compat.notice import Notice
from safelight.core.error import Where
from safelight.core.graph import Graph, Link, Node
from safelight.core.registry import Registry
from safelight.core.shape import lay
from safelight.core.spec import InputSpec
from safelight.core.widget import Choice, File, Number, Seed, Text, Toggle, shown

Names: TypeAlias = Callable[[str], Sequence[str]]
"""The files that can be chosen, by kind (`Folders.names`)."""

SIZES = frozenset({"width", "height", "x", "y", "left", "top", "right", "bottom"})
WHOLE_MAX = 2.0**64
"""The largest real number that is read as a whole one: beyond it, no input takes one."""
LATENT_PIXELS = 8
"""How many pixels a latent's cell is wide: sizes in steps of it mean whole cells."""


NEWER: Mapping[tuple[str, str], Mapping[Any, Any]] = {("CreateVideo", "bit_depth"): {"auto": 8}}
"""What newer versions of a type call a value, by type and input: films that are not HDR have 8 bits."""


def coerce(graph: Graph, registry: Registry, names: Names | None = None) -> tuple[Graph, list[Notice]]:
    """The graph with values in the types that their inputs take, and a notice for each that was changed.

    `names` gives the files that stand for a choice that was saved as null.
    """
    nodes: dict[str, Node] = {}
    notices: list[Notice] = []
    for id, node in graph.nodes.items():
        spec = registry.find(node.type)
        changed = {}
        for one in lay(spec, node.inputs) if spec else ():
            if one.widget is None or one.name not in node.inputs:
                continue
            old = node.inputs[one.name]
            called = NEWER.get((node.type, one.name), {})
            plain = called.get(old, old) if isinstance(old, str) else old
            new = old if isinstance(old, Link) else _meant(one, plain, names)
            if new is not old:
                changed[one.name] = new
                where = Where(node=id, type=node.type, input=one.name, title=node.title or None)
                notices.append(Notice(f"{shown(old)} was read as {shown(new)}", where, old, new))
        nodes[id] = Node(node.type, {**node.inputs, **changed}, node.title) if changed else node
    return (Graph(nodes) if notices else graph), notices


def _meant(one: InputSpec, value: Any, names: Names | None) -> Any:
    """What `value` means for this input; the same object if there is nothing to change."""
    if isinstance(value, float) and not isfinite(value):
        return value
    match one.widget:
        case Number(integer=True) as number:
            return _size(one.name, number, _whole(value))
        case Seed():
            return _whole(value)
        case Number():
            return _real(value)
        case Text():
            return str(value) if isinstance(value, (int, float)) else value
        case Toggle():
            return _truth(value)
        case Choice() as choice:
            return _chosen(choice.options, value)
        case File() as file:
            return _named(file, value, names)
        case _:
            return value


def _whole(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, float) and abs(value) <= WHOLE_MAX):
        return int(value)
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return value
    return value


def _real(value: Any) -> Any:
    if not isinstance(value, (bool, str)):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return number if isfinite(number) else value


def _truth(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return bool(value)
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower(), value)
    return value


def _size(name: str, number: Number, value: Any) -> Any:
    whole = isinstance(value, int) and name in SIZES and number.step and number.step % LATENT_PIXELS == 0
    return value - value % LATENT_PIXELS if whole and value % LATENT_PIXELS else value


def _chosen(options: Sequence[str], value: Any) -> Any:
    if value is None:
        return options[0] if options else value
    if not isinstance(value, str) or value in options:
        return value
    turned = {option.replace("\\", "/"): option for option in options}
    found = turned.get(value.replace("\\", "/"))
    if found is None and value.startswith("sample_"):  # how samplers were called before 2023-03
        short = value.removeprefix("sample_")
        found = short if short in options else None
    return value if found is None else found


def _named(file: File, value: Any, names: Names | None) -> Any:
    if value is None and names is not None:
        return next(iter(names(file.listed)), None)
    return value.replace("\\", "/") if isinstance(value, str) and "\\" in value else value
