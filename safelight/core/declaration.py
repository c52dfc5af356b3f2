"""`@node`: makes a NodeSpec from a typed function's signature. Each input is written once.

@node("ImageInvert", category="image")
def invert(image: Image) -> Image:
    "Turn every colour into its opposite."
    return 1.0 - image
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar, get_args, get_origin

from safelight.core.annotation import Out, hints_of, take_apart
from safelight.core.error import DeclarationError, Where
from safelight.core.parameter import inputs_of, is_further
from safelight.core.spec import Fingerprint, Lane, Migration, NodeSpec, Opens, OutputSpec
from safelight.core.widget import nearest, shown

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")

USAGE = 'Write `@node("ImageInvert", category="image")`, say.'


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
    opens: Opens | None = None,
    closes: bool = False,
) -> Callable[[F], F]:
    """Declare the decorated function as the node type `id`; the function itself stays as it is.

    Raises DeclarationError at import when an annotation is missing or cannot be understood, or an option is
    not one.
    """
    scope = sys._getframe(2).f_locals
    _check_words(id, lane)

    def declare(function: F) -> F:
        where = Where(type=id)
        hints = hints_of(function, scope, where)
        inputs, nested, context = inputs_of(function, hints, where)
        further = next((name for name, hint in hints.items() if is_further(hint)), None)
        asynchronous = inspect.iscoroutinefunction(function)
        lazy = next((one for one in inputs if one.lazy), None)
        if lazy is not None and not asynchronous:
            raise DeclarationError(
                "a Lazy input is awaited, which only an `async def` can do",
                where=replace(where, input=lazy.name),
                remedy=f"Write `async def {function.__name__}`, and `await {lazy.name}` where it is needed.",
            )
        outputs, single = outputs_of(hints, scope, where)
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
            opens=opens,
            closes=closes,
            open=further is not None,
            further=further,
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


def outputs_of(
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
        fields = hints_of(hint, scope, where)
        return tuple(_output(name, fields[name], where) for name in hint._fields), False
    return (_output("", hint, where),), True


def _output(name: str, hint: Any, where: Where) -> OutputSpec:
    parts = take_apart(hint, where)
    out = next((extra for extra in parts.extras if isinstance(extra, Out)), Out())
    type = "COMBO" if parts.choices is not None else parts.type
    return OutputSpec(out.name or name or type, type, parts.many, out.tip)
