"""The inputs of a node, from its function's parameters: types, widgets and defaults, checked together."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, get_args, get_origin

from safelight.core.annotation import (
    PLAIN,
    Annotation,
    Further,
    Growing,
    In,
    Named,
    Variants,
    hints_of,
    take_apart,
)
from safelight.core.context import Context
from safelight.core.error import DeclarationError, Where
from safelight.core.socket import ANY
from safelight.core.spec import REQUIRED, Grow, InputSpec
from safelight.core.widget import Choice, File, Number, Seed, Text, Toggle, Variant, Widget, shown

HOLDS: dict[type[Widget], tuple[str, ...]] = {
    Number: ("INT", "FLOAT"),
    Seed: ("INT",),
    Text: ("STRING",),
    Toggle: ("BOOLEAN",),
    Choice: ("STRING", "COMBO"),
    File: ("STRING",),
}
"""Which types each widget can hold; any other widget holds what it likes."""


def inputs_of(
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
        if is_further(hints[name]):
            continue
        named = _named(hints[name], place)
        nested |= {one.name: (name, one.name) for one in named}
        inputs += named or [_input(name, hints[name], parameter.default, place)]
    if nested:
        nested = {one.name: nested.get(one.name, (one.name,)) for one in inputs}
    return tuple(inputs), nested, context


def is_further(hint: Any) -> bool:
    """Whether a parameter takes the inputs that the type does not name."""
    return get_origin(hint) is Annotated and any(isinstance(word, Further) for word in get_args(hint))


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
            return _growing(name, get_args(hint)[0], extra, default, where)
        if isinstance(extra, Variants):
            return _variants(name, extra, default, where)
    parts = take_apart(hint, where)
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


def _growing(name: str, hint: Any, growing: Growing, default: Any, where: Where) -> InputSpec:
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
    required = default is inspect.Parameter.empty
    return InputSpec(name, "COMFY_AUTOGROW_V3", None, None, required, tip=growing.tip, grow=grow)


def _variants(name: str, variants: Variants, default: Any, where: Where) -> InputSpec:
    of = {option: tuple(_fields(one, where)) for option, one in variants.of.items()}
    widget = Variant(of, tip=variants.tip)
    default = next(iter(of), REQUIRED) if default is inspect.Parameter.empty else default
    refusal = widget.refusal(default)
    if refusal:
        raise DeclarationError(f"the default is refused: {refusal[0]}", where=where, remedy=refusal[1])
    raw = {"hidden": True} if variants.hidden else {}
    needed = not variants.hidden
    return InputSpec(name, "COMFY_DYNAMICCOMBO_V3", widget, default, needed, tip=variants.tip, raw=raw)


def _fields(one: type | None, where: Where) -> Iterator[InputSpec]:
    """The inputs that an option brings: the fields of its class."""
    for name, hint in hints_of(one, {}, where).items() if one is not None else ():
        defaults = getattr(one, "_field_defaults", vars(one))
        yield _input(name, hint, defaults.get(name, inspect.Parameter.empty), replace(where, input=name))


def _check(widget: Widget | None, parts: Annotation, default: Any, where: Where) -> None:
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


def _widget(parts: Annotation) -> Widget | None:
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
