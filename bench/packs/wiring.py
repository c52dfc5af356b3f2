"""Wiring: a graph for one node, with whatever gives what its inputs want."""

from __future__ import annotations

from typing import Any

from bench.packs.literal import Literals
from bench.packs.value import likely

DEEPEST = 4
BREADTH = 8
"""How many nodes that give a type are considered."""


class Wiring:
    """Builds one graph. `banned` are node types that failed as sources, `optional` fills those inputs too."""

    def __init__(
        self,
        registry: Any,
        makers: dict[str, list[tuple[str, int]]],
        literals: Literals,
        *,
        variant: int,
        optional: bool,
        banned: frozenset[str],
    ) -> None:
        from safelight.core.graph import Graph

        self.graph = Graph()
        self._registry, self._makers, self._literals = registry, makers, literals
        self._variant, self._optional, self._banned = variant, optional, banned
        self._made: dict[str, Any] = {}

    def build(self, id: str, above: tuple[str, ...] = ()) -> Any:
        """Add a node with all that it needs; LookupError if something cannot be had."""
        from safelight.core.graph import Link, Node
        from safelight.core.shape import lay

        inputs: dict[str, Any] = {}
        wanted = self._optional and not above
        for one in lay(self._registry.get(id), {}):
            if one.widget is None:
                self._wire(inputs, one, wanted, above)
            elif one.required or wanted or "default" in one.raw:
                inputs[one.name] = self._literals.of(one, self._variant if not above else 0)
        name = f"{len(self.graph)}"
        self.graph.nodes[name] = Node(id, inputs)
        return Link(name, 0)

    def _wire(self, inputs: dict[str, Any], one: Any, wanted: bool, above: tuple[str, ...]) -> None:
        if not one.required and not wanted:
            return
        try:
            inputs[one.name] = self._source(one, above)
        except LookupError:
            if one.required:
                raise

    def _source(self, one: Any, above: tuple[str, ...]) -> Any:
        """A link to something of an input's type."""
        from safelight.core.graph import Link

        types = [likely(type.strip(), one.name) for type in one.type.split(",")]
        for type in types:
            if type == "STRING":
                return self._text(one.name)
            if type in self._made:
                return self._made[type]
            found = None
            if self._registry.find(f"bench.{type}.{self._variant}") is not None:
                found = self.build(f"bench.{type}.{self._variant}", (*above, one.name))
            elif len(above) < DEEPEST:
                found = self._from_maker(type, above)
            if found is not None:
                self._made[type] = Link(*found) if isinstance(found, tuple) else found
                return self._made[type]
        raise LookupError(f"nothing gives {one.type} for '{one.name}'")

    def _text(self, name: str) -> Any:
        from safelight.core.graph import Link, Node

        id = f"{len(self.graph)}"
        self.graph.nodes[id] = Node("PrimitiveStringMultiline", {"value": self._literals.text(name)})
        return Link(id, 0)

    def _from_maker(self, type: str, above: tuple[str, ...]) -> Any:
        from safelight.core.graph import Link

        able = [one for one in self._makers.get(type, ()) if one[0] not in self._banned]
        for id, slot in able[:BREADTH]:
            if id in above:
                continue
            try:
                return Link(self.build(id, (*above, id)).node, slot)
            except LookupError:
                continue
        return None
