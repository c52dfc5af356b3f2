"""`safelight nodes --stubs`: the built-in nodes as functions with types, so that editors complete them."""

from __future__ import annotations

from collections.abc import Iterator

from safelight.core.registry import Registry
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec
from safelight.core.widget import Choice, File, Number, Seed, Text, Toggle
from safelight.script import sayable

HEAD = '''"""What editors know of `safelight.graph`: made by `safelight nodes --stubs`."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.core.spec import NodeSpec

class Output:
    node: Node
    slot: int
    def __init__(self, node: Node, slot: int) -> None: ...

class Node:
    type: str
    inputs: dict[str, Any]
    title: str
    def __init__(self, type: str, inputs: dict[str, Any], spec: NodeSpec | None = None) -> None: ...
    def titled(self, title: str) -> Node: ...
    def __getitem__(self, slot: int) -> Output: ...
    def __iter__(self) -> Iterator[Output]: ...
    def __getattr__(self, name: str) -> Output: ...

_Wire: TypeAlias = Node | Output

class NodeType:
    id: str
    def __init__(self, id: str, spec: NodeSpec | None) -> None: ...
    def __call__(self, **inputs: Any) -> Node: ...

def node_type(id: str) -> NodeType: ...
def collect(roots: Iterable[Node | Output]) -> Graph: ...
def builtin() -> Registry: ...
'''
WIRE = "_Wire"


def stubs(registry: Registry) -> str:
    """The text of the stub file."""
    specs = sorted((spec for spec in registry if sayable(spec.id)), key=lambda spec: spec.id)
    return HEAD + "".join(line for spec in specs for line in _function(spec))


def _function(spec: NodeSpec) -> Iterator[str]:
    words = [_parameter(one) for one in spec.inputs if sayable(one.name)]
    more = spec.dynamic or any(not sayable(one.name) for one in spec.inputs)
    yield f"def {spec.id}(\n"
    if words:
        yield "    *,\n" + "".join(f"    {word},\n" for word in words)
    if more:
        yield "    **more: Any,\n"
    yield ") -> Node:\n"
    yield f"    {_quoted(spec)}\n\n"


def _quoted(spec: NodeSpec) -> str:
    first = spec.doc.strip().split("\n\n")[0].replace("\\", "\\\\").replace('"""', "'''")
    text = " ".join(first.split())
    return f'"""{text}{" " if text.endswith(chr(34)) else ""}"""'


def _parameter(one: InputSpec) -> str:
    needed = one.required and one.default is REQUIRED and not _first(one)
    return f"{one.name}: {_type(one)}{'' if needed else ' = ...'}"


def _first(one: InputSpec) -> bool:
    """Whether its first choice stands where nothing is given."""
    return isinstance(one.widget, Choice) and not callable(one.widget.of)


def _type(one: InputSpec) -> str:
    match one.widget:
        case None:
            return WIRE if one.required else f"{WIRE} | None"
        case Number(integer=True) | Seed():
            kind = "int"
        case Number():
            kind = "float"
        case Text() | File():
            kind = "str"
        case Toggle():
            kind = "bool"
        case Choice(of=of) if not callable(of) and of and all(isinstance(text, str) for text in of):
            kind = f"Literal[{', '.join(map(repr, of))}]"
        case Choice():
            kind = "str"
        case _:
            kind = "Any"
    return f"{kind} | {WIRE}"
