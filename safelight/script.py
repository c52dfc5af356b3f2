"""Script: a graph written as Python that builds it again.

Running the script builds the same graph: the same types, values and wires, hence the same keys. Nodes that
nothing saved or shown needs are left out.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from safelight.core.graph import Graph, Link, Node
from safelight.core.loop import Loops
from safelight.core.registry import Registry
from safelight.core.validation import roots_of

WIDTH = 100
"""Letters in a line of the script, where it can be had."""
RESERVED = frozenset({"Workflow", "node_type", "workflow", "float", "print"})


def script(graph: Graph, registry: Registry, titles: Mapping[str, str] | None = None, name: str = "") -> str:
    """The script of a graph; `titles` by id go before its own, `name` says what it was made from."""
    return _Writer(graph, registry, titles or {}).text(name)


class _Writer:
    """Writes one script: names for nodes first, then a line for each."""

    def __init__(self, graph: Graph, registry: Registry, titles: Mapping[str, str]) -> None:
        self.graph, self.registry, self.titles = graph, registry, titles
        roots = roots_of(graph, registry) or _ends(graph)
        ends = map(Loops(graph.nodes, registry).root, roots)
        self.roots = list(dict.fromkeys([*roots, *ends]))
        self.order = _order(graph, self.roots)
        self.used = Counter((link.node, link.slot) for id in self.order for _, link in graph[id].links)
        self.names: dict[tuple[str, int], str] = {}
        self.taken = set(RESERVED) | {graph[id].type for id in self.order}

    def text(self, name: str) -> str:
        lines = [line for id in self.order for line in self._statement(id)]
        roots = ", ".join(self._value(Link(id, 0)) for id in self.roots)
        head = f'"""A workflow{f" made from {_plain(name)}" if name else ""}. Run it to get its files."""'
        return "\n".join(
            [
                head,
                "",
                "from safelight import Workflow",
                *self._imports(),
                "",
                *lines,
                "",
                f"workflow = Workflow.of({roots})",
                "",
                'if __name__ == "__main__":',
                '    print(*workflow.run().files, sep="\\n")',
                "",
            ]
        )

    def _imports(self) -> list[str]:
        types = {self.graph[id].type for id in self.order}
        names = sorted(type for type in types if self._importable(type))
        names += ["node_type"] if any(not self._importable(type) for type in types) else []
        line = f"from safelight.graph import {', '.join(names)}"
        if len(line) <= WIDTH:
            return [line]
        return ["from safelight.graph import (", *(f"    {name}," for name in names), ")"]

    def _importable(self, type: str) -> bool:
        known = self.registry.find(type) is not None
        return known and sayable(type)

    def _statement(self, id: str) -> list[str]:
        node = self.graph[id]
        maker = node.type if self._importable(node.type) else f"node_type({_quoted(node.type)})"
        inputs = self._inputs(node)
        words = [f"{name}={self._value(value)}" for name, value in inputs.items() if sayable(name)]
        odd = [
            f"{_quoted(name)}: {self._value(value)}" for name, value in inputs.items() if not sayable(name)
        ]
        if odd:
            words.append(f"**{{{', '.join(odd)}}}")
        title = self.titles.get(id) or node.title
        tail = f".titled({_quoted(title)})" if title else ""
        left = self._left(id)
        line = f"{left} = {maker}({', '.join(words)}){tail}"
        if len(line) <= WIDTH:
            return [line]
        return [f"{left} = {maker}(", *(f"    {word}," for word in words), f"){tail}"]

    def _inputs(self, node: Node) -> dict[str, Any]:
        """What a node is given, without what its type does not have and what a run would ignore."""
        spec = self.registry.find(node.type)
        if spec is None or spec.dynamic:
            return dict(node.inputs)
        return {name: value for name, value in node.inputs.items() if name in spec.by_name}

    def _left(self, id: str) -> str:
        """The names that take a node's outputs: one for it whole, or one for each of several."""
        node = self.graph[id]
        spec = self.registry.find(node.type)
        slots = sorted(slot for source, slot in self.used if source == id)
        several = (
            spec is not None and len(spec.outputs) > 1 and id not in self.roots and slots not in ([], [0])
        )
        if spec is None or not several or max(slots) >= len(spec.outputs):
            self.names[id, -1] = self._name(self._calling(id))
            return self.names[id, -1]
        parts = []
        for slot, output in enumerate(spec.outputs):
            if slot in slots:
                self.names[id, slot] = self._name(output.name or node.type)
            parts.append(self.names.get((id, slot), "_"))
        return ", ".join(parts)

    def _calling(self, id: str) -> str:
        node = self.graph[id]
        title = self.titles.get(id) or node.title
        if title and re.search("[A-Za-z]", title):
            return title
        spec = self.registry.find(node.type)
        output = spec.outputs[0].name if spec is not None and spec.outputs else ""
        telling = output and self.used[id, 0] and output.lower() != "conditioning"
        return output if telling else node.type

    def _name(self, text: str) -> str:
        """A Python name of its own that reads like `text`."""
        split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
        stem = re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")[:40].strip("_") or "node"
        stem = f"node_{stem}" if stem[0].isdigit() or keyword.iskeyword(stem) else stem
        name, number = stem, 2
        while name in self.taken:
            name, number = f"{stem}_{number}", number + 1
        self.taken.add(name)
        return name

    def _value(self, value: Any) -> str:
        match value:
            case Link(node=id, slot=slot):
                if (id, slot) in self.names:
                    return self.names[id, slot]
                whole = self.names.get((id, -1))
                if whole is None:  # the wire leads to a node that is not there: it is told when it runs
                    return f'node_type("missing")()[{slot}]'
                return whole if slot == 0 else f"{whole}[{slot}]"
            case str():
                return _quoted(value)
            case float() if not isfinite(value):
                return f'float("{value}")'
            case list():
                return f"[{', '.join(map(self._value, value))}]"
            case dict():
                entries = (f"{_quoted(str(key))}: {self._value(entry)}" for key, entry in value.items())
                return f"{{{', '.join(entries)}}}"
        return repr(value)


def sayable(name: str) -> bool:
    """Whether Python takes it as a name."""
    return name.isidentifier() and not keyword.iskeyword(name)


def _ends(graph: Graph) -> list[str]:
    """The nodes that feed no other."""
    feeding = {link.node for id in graph for _, link in graph[id].links}
    return [id for id in graph if id not in feeding]


def _order(graph: Graph, roots: Iterable[str]) -> list[str]:
    """Each node after those that feed it; what no root needs is left out."""
    order: dict[str, None] = {}
    waiting: list[tuple[str, bool]] = [(id, False) for id in reversed(list(roots))]
    seen: set[str] = set()
    while waiting:
        id, fed = waiting.pop()
        if fed:
            order[id] = None
        elif id in graph and id not in seen:
            seen.add(id)
            waiting.append((id, True))
            waiting.extend((link.node, False) for link in reversed(_sources(graph[id])))
    return list(order)


def _sources(node: Node) -> list[Link]:
    return [link for _, link in node.links]


def _quoted(text: str) -> str:
    """A text as Python writes it, in double quotes where that takes no more escapes."""
    plain = repr(text)
    return f'"{plain[1:-1]}"' if plain[0] == "'" and '"' not in plain else plain


def _plain(text: str) -> str:
    return " ".join(text.replace("\\", "/").replace('"', "'").split())
