"""Address: how a person names a node (`7`, `Second pass`, `KSampler`), an input of it and its value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from safelight.compat.definition import Definition, innermost
from safelight.compat.document import Document
from safelight.core.error import BadInput, GraphError, Where
from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.core.spec import InputSpec
from safelight.core.widget import Choice, Free, Number, Seed, Toggle, nearest

TRUE = frozenset({"true", "yes", "on", "1"})
FALSE = frozenset({"false", "no", "off", "0"})
PRIMITIVE_VALUE = InputSpec("value", "*", Free())


NOTES = frozenset({"Note", "MarkdownNote"})


class _Named(NamedTuple):
    """A node; `label` is its type's own title, which editors show where a person gave none."""

    id: str
    title: str
    type: str
    label: str

    def __str__(self) -> str:
        return f"'{self.id}' ({self.type}{f', {self.title!r}' if self.title else ''})"


def find(holder: Document | Graph, name: str, registry: Registry | None = None) -> str:
    """The id of the node that `name` means: an id, else a title, else a type, of one node only.

    With a registry a node without a title of its own goes by its type's. Where nothing is called exactly so,
    upper and lower case are alike; `Title (id)` says both. Notes have nothing to name.

    Raises GraphError that lists the candidates if there is none or more than one.
    """
    nodes = [node for node in _named(holder, registry) if node.type not in NOTES]
    loosely = name.casefold()
    for matching in (
        [node for node in nodes if node.id == name],
        [node for node in nodes if node.title == name],
        [node for node in nodes if node.type == name],
        [node for node in nodes if not node.title and node.label == name],
        [node for node in nodes if f"{node.title or node.label or node.type} ({node.id})" == name],
        [node for node in nodes if loosely in map(str.casefold, (node.title or node.label, node.type))],
    ):
        if len(matching) == 1:
            return matching[0].id
        if matching:
            few = ", ".join(map(str, matching[:6])) + (", ..." if len(matching) > 6 else "")
            raise GraphError(f"'{name}' means several nodes: {few}", remedy="Name one by its id.")
    known = dict.fromkeys(
        word for node in nodes for word in (node.title or node.label, node.type, node.id) if word
    )
    raise GraphError(f"no node is called '{name}'", remedy=nearest(name, known))


def target(holder: Document | Graph, registry: Registry, text: str) -> tuple[str, InputSpec]:
    """The node's id and the input that `NODE.INPUT` means; both parts may have dots of their own.

    Raises GraphError if the node is not found or not unique, BadInput if it has no such input.
    """
    failure: GraphError | None = None
    for place in (place for place in range(len(text) - 1, 0, -1) if text[place] == "."):
        try:
            id = find(holder, text[:place], registry)
            return id, _input(holder, registry, id, text[place + 1 :])
        except GraphError as error:
            if failure is None or isinstance(error, BadInput):
                failure = error
    if failure is None:
        failure = GraphError(f"'{text}' names no input", remedy="Write NODE.INPUT, as in KSampler.steps.")
    raise failure


def parse_value(one: InputSpec, text: str) -> Any:
    """The value that `text` means for this input. Raises BadInput if it is none, or one that is refused."""
    if one.widget is None:
        problem = f"it takes {one.type} from a link, not a value"
        raise BadInput(one.name, problem, "Connect a node to it in the editor.")
    value = _read(one, text)
    refusal = one.widget.refusal(value)
    if refusal:
        raise BadInput(one.name, *refusal)
    return value


def _read(one: InputSpec, text: str) -> Any:
    """`text` as a value of the input's kind; as it is where that cannot be, for the widget to refuse."""
    match one.widget:
        case Number(integer=False):
            return _number(float, text)
        case Number() | Seed():
            return _number(int, text)
        case Toggle(on=on, off=off):
            word = text.strip().lower()
            return True if word in TRUE | {on.lower()} else False if word in FALSE | {off.lower()} else text
        case Choice() as choice:
            turned = {option.replace("\\", "/"): option for option in choice.options}
            return turned.get(text.replace("\\", "/"), text)
        case Free():
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                return text
        case _:
            return text


def _number(kind: type[int] | type[float], text: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        return text


def _input(holder: Document | Graph, registry: Registry, id: str, name: str) -> InputSpec:
    node = next(node for node in _named(holder, registry) if node.id == id)
    if node.type == "PrimitiveNode" and name == "value":
        return PRIMITIVE_VALUE
    shown = _promoted(holder, registry, id)
    if shown is not None:
        if name in shown:
            return shown[name]
        where = Where(node=id, type=node.label or node.type, input=name, title=node.title or None)
        raise BadInput(problem="it has no such input", remedy=nearest(name, shown), where=where)
    spec = registry.get(node.type)
    if name not in spec.by_name:
        where = Where(node=id, type=node.type, input=name, title=node.title or None)
        raise BadInput(problem="it has no such input", remedy=nearest(name, spec.by_name), where=where)
    return spec.by_name[name]


def _promoted(holder: Document | Graph, registry: Registry, id: str) -> dict[str, InputSpec] | None:
    """The inputs that a node shows which stands for a subgraph, by name; None if it stands for none."""
    if isinstance(holder, Graph) or holder.dialect == "api":
        return None
    definitions = {key: Definition(raw) for key, raw in holder.definitions().items()}
    node = holder.node(id, registry)
    definition = definitions.get(node.type)
    if definition is None or node.spec is not None:
        return None
    found = {}
    for one in definition.promoted(node.raw):
        way, input = innermost(definition, one.node, one.input, definitions)
        inner = holder.node(f"{id}:{way}", registry)
        spec = inner.spec.by_name.get(input) if inner.spec is not None else None
        found[one.name] = (
            replace(spec, name=one.name) if spec is not None else InputSpec(one.name, "*", Free())
        )
    return found


def _named(holder: Document | Graph, registry: Registry | None) -> Iterator[_Named]:
    if isinstance(holder, Graph):
        held: Iterable[tuple[str, Any]] = holder.nodes.items()
    else:
        held = ((node.id, node) for node in chain(holder.nodes(), holder.inner_nodes()))
    names = {} if isinstance(holder, Graph) else holder.definitions()
    for id, node in held:
        spec = registry.find(node.type) if registry is not None else None
        label = spec.title if spec is not None else str(names.get(node.type, {}).get("name") or "")
        yield _Named(id, node.title, node.type, label)
