"""Class-based nodes (`NODE_CLASS_MAPPINGS`) as NodeSpecs."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from safelight.compat.shims.absent import is_absent, missing_in
from safelight.compat.shims.body import Body
from safelight.compat.shims.widgets import input_spec, taken_apart, type_name
from safelight.core.error import BadInput, DeclarationError, Where
from safelight.core.spec import InputSpec, NodeSpec, OutputSpec

CONTEXT = "safelight_context"
FRESH = 1.0
"""Seconds for which a list of choices is taken to be still right."""
HIDDEN = frozenset(
    {
        "PROMPT",
        "DYNPROMPT",
        "EXTRA_PNGINFO",
        "UNIQUE_ID",
        "AUTH_TOKEN_COMFY_ORG",
        "API_KEY_COMFY_ORG",
        "COMFY_USAGE_SOURCE",
    }
)


class Declared:
    """What a class says its inputs are; said again when choices are asked for."""

    def __init__(self, id: str, cls: Any) -> None:
        self.id = id
        self.cls = cls
        self.at = 0.0
        self.tree: Mapping[str, Any] = {}
        self.read()

    def read(self) -> None:
        """Ask the class."""
        tree = self.cls.INPUT_TYPES()
        if not isinstance(tree, Mapping):
            raise DeclarationError(
                f"INPUT_TYPES gives {type(tree).__name__}, not a dictionary", where=Where(type=self.id)
            )
        self.tree, self.at = tree, time.monotonic()

    def section(self, name: str) -> Mapping[str, Any]:
        """One of `required`, `optional` and `hidden`."""
        section = self.tree.get(name)
        return section if isinstance(section, Mapping) else {}

    def choices(self, section: str, name: str) -> Callable[[], Sequence[Any]]:
        """What can be chosen now."""

        def listed() -> Sequence[Any]:
            if time.monotonic() - self.at > FRESH:
                self.read()
            kind, options = taken_apart(self.section(section).get(name, "*"))
            found = kind if isinstance(kind, (list, tuple)) else options.get("options")
            return list(found or ())

        return listed


def spec_of(id: str, cls: Any, *, title: str = "", pack: str = "", module: str = "") -> NodeSpec:
    """The node type that a class declares. Raises DeclarationError, or what its INPUT_TYPES raises."""
    where = Where(type=id)
    if is_absent(cls) and not hasattr(cls, "INPUT_TYPES"):
        raise DeclarationError(f"its class is made from {missing_in(cls)}, which is not offered", where=where)
    function = getattr(cls, "FUNCTION", None)
    function = function if isinstance(function, str) else ""
    declared = Declared(id, cls)
    lists = bool(getattr(cls, "INPUT_IS_LIST", False))
    checked = _own_checks(cls)
    inputs = tuple(
        _inputs(declared, "required", lists, checked)
        + _inputs(declared, "optional", lists, checked)
        + _set_by_graphs(declared, lists)
    )
    hidden = {
        name: wanted
        for name, one in declared.section("hidden").items()
        if (wanted := type_name(taken_apart(one)[0])) in HIDDEN
    }
    outputs = _outputs(cls)
    body = Body(id, cls, function, inputs, hidden, lists, pack, len(outputs), open=_is_open(declared))
    return NodeSpec(
        id=id,
        function=body.waiting if body.lazy else body.plain,
        inputs=inputs,
        outputs=outputs,
        title=title or id,
        category=str(getattr(cls, "CATEGORY", "") or ""),
        doc=inspect.cleandoc(str(getattr(cls, "DESCRIPTION", "") or "")),
        aliases=tuple(str(one) for one in getattr(cls, "SEARCH_ALIASES", ()) or ()),
        module=cls.__module__ if cls.__module__.startswith(module) else module,
        context=CONTEXT,
        asynchronous=body.lazy,
        single=False,
        effect=bool(getattr(cls, "OUTPUT_NODE", False)),
        cached=not getattr(cls, "NOT_IDEMPOTENT", False),
        per_node="UNIQUE_ID" in hidden.values(),
        fingerprint=_fingerprint(id, cls, inputs, hidden, lists),
        deprecated="It is deprecated." if getattr(cls, "DEPRECATED", False) else "",
        experimental=bool(getattr(cls, "EXPERIMENTAL", False)),
        open=body.open,
    )


def _inputs(declared: Declared, section: str, lists: bool, checked: Callable[[str], bool]) -> list[InputSpec]:
    return [
        input_spec(
            str(name),
            one,
            required=section == "required",
            many=lists,
            checked=checked(name),
            fresh=declared.choices(section, name) if _is_list(one) else None,
        )
        for name, one in declared.section(section).items()
    ]


def _set_by_graphs(declared: Declared, lists: bool) -> list[InputSpec]:
    """Hidden inputs that nobody wires by hand, but graphs that nodes build: loops count in them."""
    return [
        replace(made, raw={**made.raw, "hidden": True})
        for name, one in declared.section("hidden").items()
        if isinstance(one, (list, tuple)) and type_name(taken_apart(one)[0]) not in HIDDEN
        for made in [input_spec(str(name), one, required=False, many=lists, checked=False, fresh=None)]
    ]


def _is_list(declared: Any) -> bool:
    kind, options = taken_apart(declared)
    return isinstance(kind, (list, tuple)) or (kind == "COMBO" and "options" in options)


def _is_open(declared: Declared) -> bool:
    """Whether any further input is taken: some packs give a dictionary that claims to have every name."""
    optional = declared.section("optional")
    return type(optional) is not dict and "\0 no such input" in optional


def _own_checks(cls: Any) -> Callable[[str], bool]:
    """Tells of an input whether its range and choices are checked here; the class may do it itself."""
    check = getattr(cls, "VALIDATE_INPUTS", None)
    if check is None:
        return lambda _: True
    parameters = inspect.signature(check).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return lambda _: False
    return lambda name: name not in parameters


def _outputs(cls: Any) -> tuple[OutputSpec, ...]:
    types = getattr(cls, "RETURN_TYPES", ())
    if isinstance(types, str) or not isinstance(types, Sequence):
        types = (types,) if isinstance(types, str) else ()
    names = _sequence(getattr(cls, "RETURN_NAMES", None))
    lists = _sequence(getattr(cls, "OUTPUT_IS_LIST", None))
    tips = _sequence(getattr(cls, "OUTPUT_TOOLTIPS", None))

    def at(values: Sequence[Any], slot: int, other: Any) -> Any:
        return values[slot] if slot < len(values) and values[slot] is not None else other

    return tuple(
        OutputSpec(
            name=str(at(names, slot, type_name(kind))),
            type=type_name(kind),
            many=bool(at(lists, slot, False)),
            tip=str(at(tips, slot, "")),
        )
        for slot, kind in enumerate(types)
    )


def _sequence(value: Any) -> Sequence[Any]:
    if isinstance(value, (list, tuple)):
        return value
    return () if value is None else (value,)


def _fingerprint(
    id: str, cls: Any, inputs: tuple[InputSpec, ...], hidden: Mapping[str, str], lists: bool
) -> Callable[[Mapping[str, Any]], object] | None:
    """What the class says of its values before a run: whether it takes them, and what has changed."""
    check, changed = getattr(cls, "VALIDATE_INPUTS", None), getattr(cls, "IS_CHANGED", None)
    if check is None and changed is None:
        return None
    defaults = {one.name: one.default for one in inputs if one.required and one.default is not None}

    def ask(literals: Mapping[str, Any]) -> object:
        values = {**{name: one for name, one in defaults.items() if _is_set(one)}, **literals}
        if check is not None:
            _refuse(id, check, values)
        if changed is None:
            return None
        values |= dict.fromkeys(hidden)
        if lists:
            values = {name: [value] for name, value in values.items()}
        try:
            return settled(called(changed, values))
        except Exception:  # noqa: BLE001 - as in ComfyUI: who cannot say has changed
            return float("nan")

    return ask


def _is_set(value: Any) -> bool:
    from safelight.core.spec import REQUIRED

    return value is not REQUIRED


def settled(value: Any) -> Any:
    """The outcome of a coroutine that a pack's function gave."""
    if inspect.iscoroutine(value):
        from safelight.compat.shims.body import finished

        return finished(value)
    return value


def called(function: Any, values: Mapping[str, Any]) -> Any:
    """Call a class's own function with those of the values that it takes."""
    parameters = inspect.signature(function).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return function(**values)
    return function(**{name: value for name, value in values.items() if name in parameters})


def _refuse(id: str, check: Any, values: Mapping[str, Any]) -> None:
    """Raise what the class has against these values; those that come by wire are not known yet."""
    known = {name: value for name, value in values.items() if value is not None}
    parameters = inspect.signature(check).parameters
    named = [
        name
        for name, one in parameters.items()
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD
    ]
    if "input_types" in parameters:
        known["input_types"] = {}
    if any(name not in known for name in named if name not in ("self", "cls", "s")):
        return
    said = settled(called(check, known))
    if said is not True and said is not None:
        raise BadInput(
            problem=str(said) if isinstance(said, str) else "it does not take these values",
            remedy="Change them in the node.",
            where=Where(type=id),
        )
