"""`@node`: makes a NodeSpec from a typed function's signature. Each input is written once.

@node("ImageInvert", category="image")
def invert(image: Image) -> Image:
    "Turn every colour into its opposite."
    return 1.0 - image
"""

from __future__ import annotations

import builtins
import functools
import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin

from safelight.core.context import Context
from safelight.core.error import DeclarationError, Where
from safelight.core.socket import ANY, Lazy, Many, Socket
from safelight.core.spec import (
    REQUIRED,
    Fingerprint,
    Grow,
    InputSpec,
    Lane,
    Migration,
    NodeSpec,
    OutputSpec,
)
from safelight.core.widget import (
    Choice,
    File,
    Number,
    Seed,
    Text,
    Toggle,
    Variant,
    Widget,
    nearest,
    shown,
)

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")

PLAIN = {int: "INT", float: "FLOAT", str: "STRING", bool: "BOOLEAN"}
HOLDS: dict[type[Widget], tuple[str, ...]] = {
    Number: ("INT", "FLOAT"),
    Seed: ("INT",),
    Text: ("STRING",),
    Toggle: ("BOOLEAN",),
    Choice: ("STRING", "COMBO"),
    File: ("STRING",),
}
"""Which types each widget can hold; any other widget holds what it likes."""
USAGE = 'Write `@node("ImageInvert", category="image")`, say.'


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
class Variants:
    """A choice that brings inputs of its own: `Annotated[dict[str, Any], Variants({"by": By, "to": To})]`.

    Each option names a class whose fields are its inputs, with their annotations and defaults (a NamedTuple,
    say), or None. The function gets a dict: the choice under the parameter's own name, and its inputs.
    """

    of: Mapping[str, type | None]
    tip: str = ""


@dataclass(frozen=True, slots=True)
class _Annotation:
    """An annotation taken apart."""

    type: str
    extras: tuple[Any, ...] = ()
    many: bool = False
    lazy: bool = False
    optional: bool = False
    choices: tuple[str, ...] | None = None


def _well_called(declare: Callable[P, R]) -> Callable[P, R]:
    """Make a call with missing or unknown words a DeclarationError."""
    signature = inspect.signature(declare)

    @functools.wraps(declare)
    def call(*given: P.args, **named: P.kwargs) -> R:
        id = given[0] if given else named.get("id")
        where = Where(type=id if isinstance(id, str) else getattr(id, "__qualname__", None))
        if inspect.isroutine(id) or isinstance(id, type):
            raise DeclarationError("@node is used without parentheses", where=where, remedy=USAGE)
        unknown = next((name for name in named if name not in signature.parameters), None)
        if unknown is not None:
            problem, remedy = f"@node has no option '{unknown}'", nearest(unknown, signature.parameters)
            raise DeclarationError(problem, where=where, remedy=remedy)
        try:
            signature.bind(*given, **named)
        except TypeError as error:
            raise DeclarationError(f"@node cannot be used so: {error}", where=where, remedy=USAGE) from error
        return declare(*given, **named)

    return call


@_well_called
def node(
    id: str,
    *,
    category: str,
    title: str = "",
    aliases: tuple[str, ...] = (),
    effect: bool = False,
    cached: bool = True,
    per_node: bool = False,
    lane: Lane = "device",
    fingerprint: Fingerprint | None = None,
    version: int = 1,
    migrate: Mapping[int, Migration] | None = None,
    deprecated: str = "",
    experimental: bool = False,
) -> Callable[[F], F]:
    """Declare the decorated function as the node type `id`; the function itself stays as it is.

    Raises DeclarationError at import when an annotation is missing or cannot be understood, or an option is
    not one.
    """
    scope = sys._getframe(2).f_locals
    _check_words(id, lane)

    def declare(function: F) -> F:
        where = Where(type=id)
        hints = _hints(function, scope, where)
        inputs, nested, context = _inputs(function, hints, where)
        asynchronous = inspect.iscoroutinefunction(function)
        lazy = next((one for one in inputs if one.lazy), None)
        if lazy is not None and not asynchronous:
            raise DeclarationError(
                "a Lazy input is awaited, which only an `async def` can do",
                where=replace(where, input=lazy.name),
                remedy=f"Write `async def {function.__name__}`, and `await {lazy.name}` where it is needed.",
            )
        outputs, single = _outputs(hints, scope, where)
        function.spec = NodeSpec(  # type: ignore[attr-defined]
            id=id,
            function=function,
            inputs=inputs,
            outputs=outputs,
            title=title or id,
            category=category,
            doc=inspect.cleandoc(function.__doc__ or ""),
            aliases=aliases,
            module=function.__module__,
            context=context,
            asynchronous=asynchronous,
            single=single,
            effect=effect,
            cached=cached,
            per_node=per_node,
            lane=lane,
            fingerprint=fingerprint,
            version=version,
            migrate=dict(migrate or {}),
            deprecated=deprecated,
            experimental=experimental,
            strict=True,
            nested=nested,
        )
        return function

    return declare


def rename(**names: str) -> Migration:
    """A migration that renames inputs: `rename(old="new")`."""
    return lambda inputs: {names.get(name, name): value for name, value in inputs.items()}


def _check_words(id: object, lane: object) -> None:
    """Refuse an id that nobody could name, and a lane that there is none of."""
    if not isinstance(id, str) or not id.strip():
        raise DeclarationError(f"{shown(id)} is no id for a node type", remedy=USAGE)
    lanes = get_args(Lane)
    if lane not in lanes:
        problem = f"there is no lane {shown(lane)}"
        raise DeclarationError(problem, where=Where(type=id), remedy=nearest(lane, lanes))


def _hints(owner: Any, scope: dict[str, Any], where: Where) -> dict[str, Any]:
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


def _inputs(
    function: Callable[..., Any], hints: Mapping[str, Any], where: Where
) -> tuple[tuple[InputSpec, ...], dict[str, tuple[str, ...]], str | None]:
    """The inputs, where each goes in the function's arguments if that is not its name, and the context."""
    inputs: list[InputSpec] = []
    nested: dict[str, tuple[str, ...]] = {}
    context: str | None = None
    for name, parameter in inspect.signature(function).parameters.items():
        place = replace(where, input=name)
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            raise DeclarationError("inputs must be named parameters", where=place, remedy="Name each input.")
        if name not in hints:
            raise DeclarationError(
                "the parameter has no annotation", where=place, remedy=f"Write `{name}: Image`, say."
            )
        if hints[name] is Context:
            context = name
            continue
        named = _named(hints[name], place)
        nested |= {one.name: (name, one.name) for one in named}
        inputs += named or [_input(name, hints[name], parameter.default, place)]
    if nested:
        nested = {one.name: nested.get(one.name, (one.name,)) for one in inputs}
    return tuple(inputs), nested, context


def _named(hint: Any, where: Where) -> list[InputSpec]:
    """The inputs that one parameter stands for, if it stands for several."""
    words = get_args(hint) if get_origin(hint) is Annotated else ()
    named = next((word for word in words if isinstance(word, Named)), None)
    if named is None:
        return []
    kinds = get_args(words[0])
    if get_origin(words[0]) is not dict or len(kinds) != 2:
        raise DeclarationError(
            "inputs with names of their own come as a dict",
            where=where,
            remedy="Write `Annotated[dict[str, float], Named(...)]`, say.",
        )
    return [
        _input(name, Annotated[kinds[1], widget], named.default, replace(where, input=name))
        for name, widget in named.of.items()
    ]


def _input(name: str, hint: Any, default: Any, where: Where) -> InputSpec:
    for extra in get_args(hint)[1:] if get_origin(hint) is Annotated else ():
        if isinstance(extra, Growing):
            return _growing(name, get_args(hint)[0], extra, where)
        if isinstance(extra, Variants):
            return _variants(name, extra, default, where)
    parts = _take_apart(hint, where)
    widget = _widget(parts)
    if default is inspect.Parameter.empty:
        default = REQUIRED
    _check(widget, parts, default, where)
    tip = next((extra.tip for extra in parts.extras if isinstance(extra, In)), widget.tip if widget else "")
    return InputSpec(
        name=name,
        type="COMBO" if isinstance(widget, (Choice, File)) else parts.type,
        widget=widget,
        default=default,
        required=default is REQUIRED or (widget is not None and default is not None),
        lazy=parts.lazy,
        many=parts.many,
        tip=tip,
    )


def _growing(name: str, hint: Any, growing: Growing, where: Where) -> InputSpec:
    words = get_args(hint)
    if get_origin(hint) is not dict or len(words) != 2:
        raise DeclarationError(
            "inputs that grow come as a dict of their names",
            where=where,
            remedy="Write `Annotated[dict[str, Image], Growing(...)]`, say.",
        )
    one = _input(growing.prefix, words[1], inspect.Parameter.empty, where)
    names = growing.names or tuple(f"{growing.prefix}{number}" for number in range(growing.max))
    grow = Grow(one, names, growing.min)
    required = growing.min > 0
    return InputSpec(name, "COMFY_AUTOGROW_V3", None, None, required, tip=growing.tip, grow=grow)


def _variants(name: str, variants: Variants, default: Any, where: Where) -> InputSpec:
    of = {option: tuple(_fields(one, where)) for option, one in variants.of.items()}
    widget = Variant(of, tip=variants.tip)
    default = next(iter(of), REQUIRED) if default is inspect.Parameter.empty else default
    refusal = widget.refusal(default)
    if refusal:
        raise DeclarationError(f"the default is refused: {refusal[0]}", where=where, remedy=refusal[1])
    return InputSpec(name, "COMFY_DYNAMICCOMBO_V3", widget, default, tip=variants.tip)


def _fields(one: type | None, where: Where) -> Iterator[InputSpec]:
    """The inputs that an option brings: the fields of its class."""
    for name, hint in _hints(one, {}, where).items() if one is not None else ():
        defaults = getattr(one, "_field_defaults", vars(one))
        yield _input(name, hint, defaults.get(name, inspect.Parameter.empty), replace(where, input=name))


def _check(widget: Widget | None, parts: _Annotation, default: Any, where: Where) -> None:
    """Refuse a widget that cannot hold the type, and a default that the widget or a wire cannot hold."""
    if widget is None and default is not REQUIRED and default is not None and _is_socket(parts.type):
        raise DeclarationError(
            f"an input of type {parts.type} comes by wire, and its default is {shown(default)}",
            where=where,
            remedy="Give it no default, or `= None` to make it optional.",
        )
    held = HOLDS.get(type(widget), ()) if widget is not None else ()
    if held and not set(parts.type.split(",")).issubset(held):
        raise DeclarationError(
            f"{type(widget).__name__} is a widget for {' or '.join(held)}, not for {parts.type}",
            where=where,
            remedy="Change the annotation's type or its widget.",
        )
    found = isinstance(widget, File) or (isinstance(widget, Choice) and callable(widget.of))
    if widget is None or found or default is REQUIRED or default is None:
        return
    refusal = widget.refusal(default)
    if refusal:
        raise DeclarationError(f"the default is refused: {refusal[0]}", where=where, remedy=refusal[1])


def _is_socket(type: str) -> bool:
    """Whether no value of a type can be written down."""
    return {ANY, *PLAIN.values()}.isdisjoint(type.split(","))


def _widget(parts: _Annotation) -> Widget | None:
    given = next((extra for extra in parts.extras if isinstance(extra, Widget)), None)
    if parts.choices is not None:
        return replace(given, of=parts.choices) if isinstance(given, Choice) else Choice(parts.choices)
    if isinstance(given, Number):
        return replace(given, integer=parts.type == "INT")
    if given is not None or parts.many or any(isinstance(extra, In) for extra in parts.extras):
        return given
    match parts.type:
        case "INT":
            return Number(integer=True)
        case "FLOAT":
            return Number()
        case "STRING":
            return Text()
        case "BOOLEAN":
            return Toggle()
    return None


def _outputs(
    hints: Mapping[str, Any], scope: dict[str, Any], where: Where
) -> tuple[tuple[OutputSpec, ...], bool]:
    """The output slots, and whether the function returns the value of its only one itself."""
    if "return" not in hints:
        raise DeclarationError(
            "the function does not say what it returns",
            where=where,
            remedy="Write `-> Image`, say, or `-> None` if it has no outputs.",
        )
    hint = hints["return"]
    if hint is type(None):
        return (), True
    if hint is tuple or get_origin(hint) is tuple:
        raise DeclarationError(
            "a plain tuple does not say what the outputs are called",
            where=where,
            remedy="Return a NamedTuple with a field for each output: `image: Image`, say.",
        )
    if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
        fields = _hints(hint, scope, where)
        return tuple(_output(name, fields[name], where) for name in hint._fields), False
    return (_output("", hint, where),), True


def _output(name: str, hint: Any, where: Where) -> OutputSpec:
    parts = _take_apart(hint, where)
    out = next((extra for extra in parts.extras if isinstance(extra, Out)), Out())
    type = "COMBO" if parts.choices is not None else parts.type
    return OutputSpec(out.name or name or type, type, parts.many, out.tip)


def _take_apart(hint: Any, where: Where) -> _Annotation:
    """Read one annotation: Annotated, Optional, Many, Lazy, Literal, a socket or a plain type."""
    origin, words = get_origin(hint), get_args(hint)
    if origin is Annotated:
        inner = _take_apart(words[0], where)
        return replace(inner, extras=inner.extras + tuple(words[1:]))
    if origin in (Union, types.UnionType):
        return _union(words, where)
    if origin in (Many, Lazy):
        inner = _take_apart(words[0], where)
        return replace(inner, many=inner.many or origin is Many, lazy=inner.lazy or origin is Lazy)
    if origin is Literal and all(isinstance(word, str) for word in words):
        return _Annotation("COMBO", choices=words)
    name = _name(hint)
    if name is None:
        raise DeclarationError(
            f"the annotation {hint!r} names no socket or value type",
            where=where,
            remedy="Use a socket such as Image, or int, float, str, bool, Literal, Any.",
        )
    return _Annotation(name)


def _name(hint: Any) -> str | None:
    if hint is Any:
        return ANY
    if isinstance(hint, builtins.type):
        if issubclass(hint, Socket):
            return hint.name
        return PLAIN.get(hint)
    return None


def _union(words: tuple[Any, ...], where: Where) -> _Annotation:
    parts = [_take_apart(word, where) for word in words if word is not type(None)]
    names: Iterator[str] = (part.type for part in parts)
    return replace(
        parts[0],
        type=",".join(dict.fromkeys(names)),
        extras=tuple(extra for part in parts for extra in part.extras),
        optional=type(None) in words,
    )
