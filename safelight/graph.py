"""Graphs in Python: `from safelight.graph import KSampler`; a call adds a node, its outputs go into others.

    from safelight import Workflow
    from safelight.graph import CheckpointLoaderSimple, CLIPTextEncode, EmptyLatentImage, ...

    model, clip, vae = CheckpointLoaderSimple(ckpt_name="emoji")
    latent = KSampler(model=model, positive=CLIPTextEncode(clip=clip, text="pizza"), ...)
    workflow = Workflow.of(SaveImage(images=VAEDecode(samples=latent, vae=vae)))

Every known node type is a name of this module; one whose id is no Python name is had by `node_type(id)`.
`graph.pyi` beside this file lists the built-in ones for editors: `safelight nodes --stubs` makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from safelight.core.error import BadInput, Where
from safelight.core.graph import Graph, Link
from safelight.core.graph import Node as Entry
from safelight.core.registry import Registry
from safelight.core.spec import NodeSpec
from safelight.core.validation import unplugged
from safelight.core.widget import nearest


class Output:
    """One output of a node, to be given to an input of another."""

    def __init__(self, node: Node, slot: int) -> None:
        self.node = node
        self.slot = slot

    def __repr__(self) -> str:
        return f"{self.node!r}[{self.slot}]"


class Node:
    """A node of a graph in the making.

    Where an output is wanted it stands for its first; several are had by unpacking, by index, or by name
    (`checkpoint.VAE`).
    """

    def __init__(self, type: str, inputs: dict[str, Any], spec: NodeSpec | None = None) -> None:
        self.type = type
        self.inputs = inputs
        self.title = ""
        self._spec = spec

    def titled(self, title: str) -> Node:
        """Give the node a title, by which its inputs can be set later; returns the node."""
        self.title = title
        return self

    def __getitem__(self, slot: int) -> Output:
        if slot < 0 or (self._spec is not None and slot >= len(self._spec.outputs)):
            raise IndexError(f"{self.type} has no output {slot}")
        return Output(self, slot)

    def __iter__(self) -> Iterator[Output]:
        if self._spec is None:
            raise TypeError(
                f"'{self.type}' is not known, so neither is how many outputs it has: use [0], ..."
            )
        return (Output(self, slot) for slot in range(len(self._spec.outputs)))

    def __getattr__(self, name: str) -> Output:
        names = [] if self._spec is None else [output.name for output in self._spec.outputs]
        if name not in names:
            raise AttributeError(f"{self.type} has no output '{name}'. {nearest(name, names)}")
        return Output(self, names.index(name))

    def __repr__(self) -> str:
        return f"<{self.type}{f' {self.title!r}' if self.title else ''}>"


class NodeType:
    """A node type; a call makes a node of it."""

    def __init__(self, id: str, spec: NodeSpec | None) -> None:
        self.id = id
        self._spec = spec
        self.__doc__ = spec.doc if spec is not None else None

    def __call__(self, /, **inputs: Any) -> Node:
        """A node with these inputs. BadInput for a name or a value that it does not take."""
        if self._spec is not None:
            for name, value in inputs.items():
                _check(self._spec, name, value)
        return Node(self.id, inputs, self._spec)

    def __repr__(self) -> str:
        return f"<node type {self.id}>"


def node_type(id: str) -> NodeType:
    """The node type called `id`; one that is not known here makes nodes that are checked when they run."""
    return NodeType(id, builtin().find(id))


def collect(roots: Iterable[Node | Output]) -> Graph:
    """The graph of these nodes and of all that feeds them, numbered from 1, each after what feeds it."""
    order = _ordered([root.node if isinstance(root, Output) else root for root in roots])
    ids = {id(node): str(number) for number, node in enumerate(order, start=1)}

    def saved(value: Any) -> Any:
        match value:
            case Node():
                return Link(ids[id(value)], 0)
            case Output(node=node, slot=slot):
                return Link(ids[id(node)], slot)
        return value

    graph = Graph()
    for node in order:
        inputs = {name: saved(value) for name, value in node.inputs.items()}
        graph.nodes[ids[id(node)]] = Entry(node.type, inputs, node.title)
    return graph


def _ordered(roots: Iterable[Node]) -> list[Node]:
    """Each node after those that feed it."""
    order: list[Node] = []
    seen: set[int] = set()
    waiting = [(root, False) for root in reversed(list(roots))]
    while waiting:
        node, fed = waiting.pop()
        if fed:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting.extend((source, False) for source in reversed(list(_sources(node))))
    return order


def _sources(node: Node) -> Iterator[Node]:
    for value in node.inputs.values():
        if isinstance(value, Node | Output):
            yield value.node if isinstance(value, Output) else value


def _check(spec: NodeSpec, name: str, value: Any) -> None:
    where = Where(type=spec.id, input=name)
    one = spec.by_name.get(name)
    if one is None and spec.dynamic:  # which inputs there are is known when all have their values
        return
    if one is None:
        raise BadInput(name, "it has no such input", nearest(name, spec.by_name), where=where)
    if isinstance(value, Node | Output):
        return
    if value is None and one.default is None:
        return
    if one.widget is None and unplugged(one.type, value):
        problem = f"it takes {one.type} from a node, not the value {value!r}"
        raise BadInput(name, problem, "Give it a node or one of its outputs.", where=where)
    refusal = one.widget.refusal(value) if one.widget is not None else None
    if refusal:
        raise BadInput(name, *refusal, where=where)


@cache
def builtin() -> Registry:
    """The built-in node types."""
    return Registry().load("nodes")


def __getattr__(name: str) -> NodeType:
    spec = None if name.startswith("__") else builtin().find(name)
    if spec is None:
        remedy = "" if name.startswith("_") else f" {nearest(name, [spec.id for spec in builtin()])}"
        raise AttributeError(f"module 'safelight.graph' has no node type '{name}'.{remedy}")
    return NodeType(spec.id, spec)


def __dir__() -> list[str]:
    return sorted([*globals(), *(spec.id for spec in builtin() if spec.id.isidentifier())])
