"""What annotations of a node's function say: sockets and plain types, and marks beside them.

A mark tells what the type alone cannot: `Annotated[Model, Out("The denoiser.")]`.
"""

from __future__ import annotations

import builtins
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from safelight.core.error import DeclarationError, Where
from safelight.core.socket import ANY, Lazy, Many, Socket
from safelight.core.widget import Widget

PLAIN = {int: "INT", float: "FLOAT", str: "STRING", bool: "BOOLEAN"}


@dataclass(frozen=True, slots=True)
class Out:
    """What an output slot is: `Annotated[Model, Out("The denoiser.")]`.

    `name` is what the slot is called, if that differs from the field's name.
    """

    tip: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class In:
    """What a socket input is, where there is no widget to carry a tooltip: `Annotated[str, In("...")]`.

    Numbers and texts that carry it are given by a wire only.
    """

    tip: str = ""


@dataclass(frozen=True, slots=True)
class Growing:
    """Inputs that are added as they are used: `Annotated[dict[str, Image], Growing("image", max=50)]`.

    They are called `image0`, `image1`, ..., or by `names`; the function gets those that are connected, by
    name. The first `min` must be.
    """

    prefix: str
    min: int = 1
    max: int = 100
    tip: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Inputs with odd names: `Annotated[dict[str, float], Named({"a.0.": Number()}, 1.0)]`.

    Each has a widget of its own and they share a default; the function gets all of them, by name.
    """

    of: Mapping[str, Widget]
    default: Any


@dataclass(frozen=True, slots=True)
class Further:
    """Inputs that the type does not name: `Annotated[dict[str, Any], Further()]`.

    The function gets whatever else the node was given, by name.
    """


@dataclass(frozen=True, slots=True)
class Variants:
    """A choice that brings inputs of its own: `Annotated[dict[str, Any], Variants({"by": By, "to": To})]`.

    Each option names a class whose fields are its inputs, with their annotations and defaults (a NamedTuple,
    say), or None. The function gets a dict: the choice under the parameter's own name, and its inputs. One
    that is `hidden` is there for files that have it, and drawn by no editor.
    """

    of: Mapping[str, type | None]
    tip: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation taken apart."""

    type: str
    extras: tuple[Any, ...] = ()
    many: bool = False
    lazy: bool = False
    optional: bool = False
    choices: tuple[str, ...] | None = None


def hints_of(owner: Any, scope: dict[str, Any], where: Where) -> dict[str, Any]:
    """The annotations of a function or a class; names are looked up in `scope` and then in its module."""
    module = sys.modules.get(owner.__module__)  # none, for what is typed into a session
    names = getattr(owner, "__globals__", None) or (vars(module) if module is not None else {})
    try:
        return typing.get_type_hints(owner, globalns={**names, **scope}, include_extras=True)
    except Exception as error:
        raise DeclarationError(
            f"an annotation of {owner.__qualname__} cannot be resolved ({error})",
            where=where,
            remedy="Import the name that the annotation uses at the top of the module.",
        ) from error


def take_apart(hint: Any, where: Where) -> Annotation:
    """Read one annotation: Annotated, Optional, Many, Lazy, Literal, a socket or a plain type."""
    origin, words = get_origin(hint), get_args(hint)
    if origin is Annotated:
        inner = take_apart(words[0], where)
        return replace(inner, extras=inner.extras + tuple(words[1:]))
    if origin in (Union, types.UnionType):
        return _union(words, where)
    if origin in (Many, Lazy):
        inner = take_apart(words[0], where)
        return replace(inner, many=inner.many or origin is Many, lazy=inner.lazy or origin is Lazy)
    if origin is Literal and all(isinstance(word, str) for word in words):
        return Annotation("COMBO", choices=words)
    name = _name(hint)
    if name is None:
        raise DeclarationError(
            f"the annotation {hint!r} names no socket or value type",
            where=where,
            remedy="Use a socket such as Image, or int, float, str, bool, Literal, Any.",
        )
    return Annotation(name)


def _name(hint: Any) -> str | None:
    if hint is Any:
        return ANY
    if isinstance(hint, builtins.type):
        if issubclass(hint, Socket):
            return hint.name
        return PLAIN.get(hint)
    return None


def _union(words: tuple[Any, ...], where: Where) -> Annotation:
    parts = [take_apart(word, where) for word in words if word is not type(None)]
    names: Iterator[str] = (part.type for part in parts)
    return replace(
        parts[0],
        type=",".join(dict.fromkeys(names)),
        extras=tuple(extra for part in parts for extra in part.extras),
        optional=type(None) in words,
    )
