"""The catalogue: every node type with all that is known of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Annotated, Any

from aiohttp import web

from safelight.core.spec import REQUIRED, Grow, InputSpec, NodeSpec, OutputSpec
from safelight.core.widget import Choice, File, Variant, Widget, nearest, shown
from server.answer import Refused, reply
from server.schema import Means
from server.state import STATE, State

Names = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class InputTold:
    """One input of a node type."""

    name: str
    type: Annotated[str, Means("The socket's type.")]
    required: bool
    has_default: bool
    default: Any
    lazy: Annotated[bool, Means("It is computed only if the node asks for it.")]
    many: Annotated[bool, Means("It takes a whole list.")]
    tip: str
    widget: Annotated[
        dict[str, Any] | None, Means("What it holds without a wire: `kind`, and that kind's fields.")
    ]
    grow: Annotated[GrowTold | None, Means("The inputs that are added here as they are used.")] = None


@dataclass(frozen=True)
class GrowTold:
    """Inputs that are added as they are used, all like `one`."""

    one: InputTold
    names: list[str]
    min: Annotated[int, Means("How many of the names must be set.")]


@dataclass(frozen=True)
class OutputTold:
    """One output slot of a node type."""

    name: str
    type: str
    many: bool
    tip: str


@dataclass(frozen=True)
class TypeTold:
    """A node type."""

    id: str
    title: str
    category: str
    doc: str
    aliases: list[str]
    module: str
    inputs: list[InputTold]
    outputs: list[OutputTold]
    effect: Annotated[bool, Means("It is run for what it does: saving or showing.")]
    cached: Annotated[bool, Means("Its results are kept.")]
    version: int
    deprecated: Annotated[str, Means("What to use instead, if it is given up.")]
    experimental: bool


@dataclass(frozen=True)
class Catalogue:
    """Every node type that is known without packs, and those of packs as clients of ComfyUI read them."""

    types: dict[str, TypeTold]
    packs: dict[str, Any]


async def catalogue(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/nodes`."""
    return reply(asdict(await asyncio.to_thread(_catalogue, request.app[STATE])))


def _catalogue(state: State) -> Catalogue:
    types = {spec.id: _type(spec, state.folders.names) for spec in state.registry}
    return Catalogue(types, state.catalogue.packs)


async def one_type(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/nodes/{id}`."""
    state, id = request.app[STATE], request.match_info["id"]
    spec = state.registry.find(id)
    if spec is None:
        remedy = nearest(id, [one.id for one in state.registry])
        raise Refused(404, "no_such_type", f"There is no built-in node type {shown(id)}", remedy)
    return reply(asdict(await asyncio.to_thread(_type, spec, state.folders.names)))


def _type(spec: NodeSpec, names: Names) -> TypeTold:
    return TypeTold(
        spec.id,
        spec.title or spec.id,
        spec.category,
        spec.doc,
        list(spec.aliases),
        spec.module,
        [_input(one, names) for one in spec.inputs],
        [_output(one) for one in spec.outputs],
        spec.effect,
        spec.cached,
        spec.version,
        spec.deprecated,
        spec.experimental,
    )


def _output(one: OutputSpec) -> OutputTold:
    return OutputTold(one.name, one.type, one.many, one.tip)


def _input(one: InputSpec, names: Names) -> InputTold:
    has_default = one.default is not REQUIRED
    return InputTold(
        one.name,
        one.type,
        one.required,
        has_default,
        one.default if has_default else None,
        one.lazy,
        one.many,
        one.tip,
        None if one.widget is None else _widget(one.widget, names),
        None if one.grow is None else _grow(one.grow, names),
    )


def _grow(grow: Grow, names: Names) -> GrowTold:
    return GrowTold(_input(grow.one, names), list(grow.names), grow.min)


def _widget(widget: Widget, names: Names) -> dict[str, Any]:
    tree = {one.name: getattr(widget, one.name) for one in fields(widget)}
    match widget:
        case Choice():
            del tree["of"]
            tree["options"] = list(widget.options)
        case Variant():
            del tree["of"]
            inner = {
                name: [asdict(_input(one, names)) for one in inputs] for name, inputs in widget.of.items()
            }
            tree |= {"options": list(inner), "inputs": inner}
        case File():
            tree["folder"] = widget.kind
            tree["options"] = list(names(widget.listed))
    return {**tree, "kind": type(widget).__name__.lower()}


ROUTES = (
    web.get("/safelight/nodes", catalogue),
    web.get("/safelight/nodes/{id}", one_type),
)
