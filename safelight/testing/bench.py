"""A bench: an engine over a folder of its own, and the nodes to be tried on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.event import Listener
from safelight.core.folder import Folders
from safelight.core.graph import Graph, Link, Node
from safelight.core.registry import Registry
from safelight.core.report import Result
from safelight.core.spec import NodeSpec, OutputSpec
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store
from safelight.tensor import storing

MEMORY = 2**28
GIVEN = "safelight.testing.given"


class Bench:
    """Runs node types in a real engine, with nothing stored on disk."""

    def __init__(self, data: Path, specs: Iterable[NodeSpec | Callable[..., Any]] = ()) -> None:
        """`specs` are the nodes that are known here: specs, or functions under `@node`."""
        self.data = data
        self.registry = Registry()
        self.add(*specs)
        digests = Digests()
        store = Store(MemoryStore(MEMORY), digest_of=digests.of, codec=storing())
        self.engine = Engine(self.registry, store, Folders(data), digests=digests)

    def add(self, *specs: NodeSpec | Callable[..., Any]) -> None:
        """Make more node types known."""
        for one in specs:
            self.registry.add(one if isinstance(one, NodeSpec) else one.spec)  # type: ignore[attr-defined]

    def run(self, id: str, /, **inputs: Any) -> tuple[Any, ...]:
        """What a node gives for these inputs, each a value or a Link; raises what the engine says."""
        result = self.result(id, inputs)
        result.raise_for_error()
        return tuple(result.values["node"])

    def result(self, id: str, inputs: dict[str, Any], *, listener: Listener | None = None) -> Result:
        """The whole outcome of running one node."""
        graph = Graph()
        wired = self.registry.get(id).by_name
        for name, value in inputs.items():
            if name in wired and wired[name].widget is None and not isinstance(value, Link):
                inputs = {**inputs, name: self.given(graph, name, wired[name].type, value)}
        graph.nodes["node"] = Node(id, inputs)
        return self.engine.run(graph, ["node"], listener=listener)

    def graph(self, graph: Graph, *roots: str) -> Result:
        """The outcome of a graph; every node with an effect is run if no roots are named."""
        return self.engine.run(graph, roots or None).raise_for_error()

    def given(self, graph: Graph, name: str, type: str, value: Any) -> Link:
        """A node that gives a value, to wire it in."""
        id = f"{GIVEN}.{name}"
        self.registry.replace(NodeSpec(id, lambda: value, outputs=(OutputSpec("", type),), cached=False))
        graph.nodes[name] = Node(id, {})
        return Link(name, 0)

    def close(self) -> None:
        """End what the engine has started."""
        self.engine.close()
