"""Registry: the node types that are known, by id."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from types import ModuleType

from safelight.core.error import DeclarationError, UnknownNode, Where
from safelight.core.spec import NodeSpec

ALIKE = 0.7
"""How much a type's name has to be like another to be taken for it, of 1."""


SUBGRAPH = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
GROUP = re.compile(r"workflow[/>](.+)", re.DOTALL)
"""What nodes have as their type that stand for a subgraph or a group of their own file."""


class Registry:
    """Node specs by id."""

    def __init__(self, specs: Iterable[NodeSpec] = ()) -> None:
        self._specs: dict[str, NodeSpec] = {}
        self.elsewhere: Callable[[str], str] = lambda _: ""
        """Says of a type that is not here where it is and how to have it; nothing if that is not known."""
        for spec in specs:
            self.add(spec)

    def add(self, spec: NodeSpec) -> None:
        """Add a node type. Raises DeclarationError if its id is taken by other code."""
        old = self._specs.get(spec.id)
        if old is not None and old.function is not spec.function:
            raise DeclarationError(
                f"its id is taken by {old.module}", where=Where(type=spec.id), remedy="Choose another id."
            )
        self._specs[spec.id] = spec

    def replace(self, spec: NodeSpec) -> None:
        """Put a node type in the place of whatever has its id."""
        self._specs[spec.id] = spec

    def remove(self, id: str) -> None:
        """Forget a node type, if it is known."""
        self._specs.pop(id, None)

    def of_module(self, module: str) -> Iterator[NodeSpec]:
        """The node types declared in a module or below it."""
        below = f"{module}."
        return (
            spec for spec in self._specs.values() if spec.module == module or spec.module.startswith(below)
        )

    def find(self, id: str) -> NodeSpec | None:
        """The node type called `id`, or None."""
        return self._specs.get(id)

    def get(self, id: str) -> NodeSpec:
        """The node type called `id`; UnknownNode with the nearest name if there is none."""
        spec = self._specs.get(id)
        if spec is None:
            raise UnknownNode(self.problem(id), where=Where(type=id), remedy=self.suggestion(id))
        return spec

    def problem(self, id: str) -> str:
        """What is wrong with the unknown type `id`: nodes of some stand for what their file defines."""
        if SUBGRAPH.fullmatch(id):
            return "it stands for a subgraph that the file does not hold"
        group = GROUP.fullmatch(id)
        if group is not None:
            return f"it stands for the group '{group[1]}', which the file does not hold"
        return f"no node type '{id}'"

    def suggestion(self, id: str, alike: float = ALIKE) -> str:
        """What to do about the unknown type `id`."""
        if SUBGRAPH.fullmatch(id) or GROUP.fullmatch(id):
            return "Save the workflow again where it opens whole, or remove the node."
        if found := self.elsewhere(id):
            return found
        close = get_close_matches(id, self._specs, n=1, cutoff=alike)
        return (
            f"Did you mean '{close[0]}'?"
            if close
            else "Install the node pack that has it, or remove the node."
        )

    def load(self, package: str) -> Registry:
        """Import every module of a package and add the nodes that they declare; returns self."""
        root = importlib.import_module(package)
        self.collect(root)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            self.collect(importlib.import_module(found.name))
        return self

    def collect(self, module: ModuleType) -> None:
        """Add the nodes declared in a module."""
        for value in vars(module).values():
            spec = getattr(value, "spec", None)
            if isinstance(spec, NodeSpec) and spec.module == module.__name__:
                self.add(spec)

    def __contains__(self, id: object) -> bool:
        return id in self._specs

    def __iter__(self) -> Iterator[NodeSpec]:
        return iter(self._specs.values())

    def __len__(self) -> int:
        return len(self._specs)
