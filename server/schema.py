"""Schema: plain dataclasses as JSON Schema, and JSON as dataclasses; so what is published is what is checked.

What a field means is said beside its type: `Annotated[int, Means("...")]`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from math import isfinite
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from safelight.core.widget import nearest, shown
from server.answer import Refused

T = TypeVar("T")
Tree = dict[str, Any]
PLAIN: Mapping[type, Tree] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}


class Means:
    """What a field means, and its limits as JSON Schema names them."""

    def __init__(self, text: str, **limits: Any) -> None:
        self.text = text
        self.limits = limits


NOTHING = Means("")


@lru_cache(maxsize=256)
def _hints(kind: Any) -> dict[str, tuple[Any, Means]]:
    """The type and the meaning of each field."""
    return {name: _apart(hint) for name, hint in get_type_hints(kind, include_extras=True).items()}


def _apart(hint: Any) -> tuple[Any, Means]:
    if get_origin(hint) is Annotated:
        kind, means, *_ = get_args(hint)
        return kind, means
    return hint, NOTHING


def schema(kind: Any, known: dict[str, Tree]) -> Tree:
    """The schema of a type; dataclasses are put into `known` by name and referred to."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return dict(PLAIN[kind])
    if is_dataclass(kind):
        return _reference(kind, known)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is list:
        return {"type": "array", "items": schema(inner[0], known)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema(inner[1], known)}
    if origin in (types.UnionType, Union):
        return {"anyOf": [schema(one, known) for one in inner]}
    return {}


def _reference(kind: Any, known: dict[str, Tree]) -> Tree:
    name = kind.__name__
    if name not in known:
        known[name] = {}
        hints = _hints(kind)
        known[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").strip(),
            "properties": {one.name: _property(*hints[one.name], known) for one in fields(kind)},
            "required": [one.name for one in fields(kind) if _required(one)],
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _property(kind: Any, means: Means, known: dict[str, Tree]) -> Tree:
    tree = schema(kind, known)
    tree |= {"description": means.text} if means.text else {}
    return {**tree, **means.limits}


def _required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def parameters(kind: type) -> list[Tree]:
    """A dataclass as the parameters behind an address's question mark."""
    hints = _hints(kind)
    return [
        {
            "name": one.name,
            "in": "query",
            "required": _required(one),
            "description": hints[one.name][1].text,
            "schema": _property(hints[one.name][0], Means("", **hints[one.name][1].limits), {}),
        }
        for one in fields(kind)
    ]


def read(kind: Callable[..., T], tree: Any, place: str = "the body") -> T:
    """JSON as a dataclass, checked in full. Refused with 400 that names the field."""
    if not isinstance(tree, dict):
        raise _refused(place, f"is {shown(tree)}", "Send an object.")
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    for name in tree:
        if name not in known:
            raise _refused(place, f"has a field {shown(name)} that means nothing", nearest(name, known))
    hints = _hints(kind)
    for one in known.values():
        if one.name in tree:
            _check(tree[one.name], *hints[one.name], f"'{one.name}'")
        elif _required(one):
            raise _refused(place, f"lacks '{one.name}'", f"Send {{{one.name!r}: ...}}.")
    return kind(**tree)


def _check(value: Any, kind: Any, means: Means, place: str) -> None:
    limits = means.limits
    if not _fits(value, kind):
        raise _refused(place, f"is {shown(value)}", f"Send {_words(kind)}.")
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    low, high = limits.get("minimum"), limits.get("maximum")
    if number and ((low is not None and value < low) or (high is not None and value > high)):
        raise _refused(place, f"is {shown(value)}", f"Send a number from {low} to {high}.")
    if isinstance(value, str) and len(value) > limits.get("maxLength", len(value)):
        raise _refused(place, "is too long", f"Send at most {limits['maxLength']} characters.")


def _fits(value: Any, kind: Any) -> bool:
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return True
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and _finite(value)
    if kind in PLAIN:
        return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if origin is Literal:
        return any(value == one and type(value) is type(one) for one in inner)
    if origin is list:
        return isinstance(value, list) and all(_fits(item, inner[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(item, inner[1]) for item in value.values())
    return any(_fits(value, one) for one in inner)


def _finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _words(kind: Any) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    names = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
    if kind in names:
        return names[kind]
    if origin is Literal:
        return f"one of {', '.join(map(repr, inner))}"
    if origin in (list, dict):
        return "a list" if origin is list else "an object"
    return " or ".join(_words(one) for one in inner if one is not type(None)) or "another value"


def _refused(place: str, problem: str, remedy: str) -> Refused:
    return Refused(400, "invalid_body", f"{place} {problem}", remedy)
