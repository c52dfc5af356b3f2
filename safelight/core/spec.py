"""NodeSpec: the one record in which declaration, validator, executor and editor meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from safelight.core.outcome import Iterations
from safelight.core.socket import LIKENESSES, Likeness
from safelight.core.widget import Variant, Widget

Lane: TypeAlias = Literal["device", "io"]
Migration: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
Fingerprint: TypeAlias = Callable[[Mapping[str, Any]], object]
Opens: TypeAlias = Callable[..., Iterations]


class _Required:
    """Stands where an input has no default."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input: `type` is the socket's name, `widget` what it holds without a wire (None: a wire only)."""

    name: str
    type: str
    widget: Widget | None = None
    default: Any = REQUIRED
    required: bool = True
    lazy: bool = False
    many: bool = False
    tip: str = ""
    grow: Grow | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)
    """Options of a ComfyUI declaration that only clients look at, passed on as they are."""


@dataclass(frozen=True, slots=True)
class Grow:
    """Inputs that are added as they are used, all like `one`; the first `min` of `names` must be set."""

    one: InputSpec
    names: tuple[str, ...]
    min: int = 0


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One output slot; `many` if each run of the node gives any number of values there."""

    name: str
    type: str
    many: bool = False
    tip: str = ""


@dataclass(frozen=True)
class NodeSpec:
    """A node type. `function` takes the inputs by name, and the context as `context` if that is not None."""

    id: str
    function: Callable[..., Any]
    inputs: tuple[InputSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
    title: str = ""
    category: str = ""
    doc: str = ""
    aliases: tuple[str, ...] = ()
    module: str = ""
    context: str | None = None
    asynchronous: bool = False
    single: bool = True
    """The function returns the value of its only output itself, not a tuple of outputs."""
    effect: bool = False
    """The node is run for what it does (saving, showing), so it is a root of the graph."""
    cached: bool = True
    per_node: bool = False
    """Results depend on the node's id, so the key holds it."""
    lane: Lane = "device"
    fingerprint: Fingerprint | None = None
    version: int = 1
    migrate: Mapping[int, Migration] = field(default_factory=dict)
    deprecated: str = ""
    experimental: bool = False
    strict: bool = False
    """What the function returns must look like what it declares; packs for ComfyUI may be laxer."""
    open: bool = False
    """Any further input is taken, whatever it is called."""
    further: str | None = None
    """The argument in which the function gets these; without one, each is an argument of its own."""
    opens: Opens | None = None
    """The node begins a loop: this says, of its inputs, which iterations there are."""
    closes: bool = False
    """The node ends a loop."""
    nested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a shape (see `safelight.core.shape`): where in the function's arguments each dotted input goes."""

    @cached_property
    def shapes(self) -> dict[tuple[str, ...], NodeSpec]:
        """The shapes that were made of this type, by the names of their inputs."""
        return {}

    @cached_property
    def dynamic(self) -> bool:
        """Whether which inputs there are depends on the node's values and wires."""
        fixed = all(one.grow is None and not isinstance(one.widget, Variant) for one in self.inputs)
        return (self.open or not fixed) and not self.nested

    @cached_property
    def by_name(self) -> dict[str, InputSpec]:
        """The inputs by name."""
        return {one.name: one for one in self.inputs}

    @cached_property
    def checks(self) -> tuple[tuple[int, Likeness], ...]:
        """What tells, for slots whose values have a known look, how a value looks otherwise."""
        if not self.strict:
            return ()
        plain = ((slot, output.type) for slot, output in enumerate(self.outputs) if not output.many)
        return tuple((slot, LIKENESSES[type]) for slot, type in plain if type in LIKENESSES)

    @cached_property
    def streams(self) -> bool:
        """Whether any output gives many values."""
        return any(output.many for output in self.outputs)

    def output_index(self, name: str) -> int:
        """The slot of the output called `name`; ValueError if there is none."""
        return [output.name for output in self.outputs].index(name)
