"""API-format JSON: `{id: {class_type, inputs, _meta}}`, where a list of two means a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safelight.compat.value import unwrapped, wrapped
from safelight.core.graph import Graph, Link, Node

MOST_SLOTS = 1024
"""How many sockets a node can have; a file may claim any number, and each is drawn."""


def from_prompt(prompt: Mapping[str, Any]) -> Graph:
    """The graph that an API file means. Entries are taken as they are; each must have a `class_type`."""
    nodes: dict[str, Node] = {}
    for id, raw in prompt.items():
        inputs = raw.get("inputs")
        meta = raw.get("_meta")
        title = meta.get("title") if isinstance(meta, dict) else None
        nodes[str(id)] = Node(
            raw["class_type"],
            {name: _value(value) for name, value in inputs.items()} if isinstance(inputs, dict) else {},
            title if isinstance(title, str) else "",
        )
    return Graph(nodes)


def to_prompt(graph: Graph, titles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A graph as API-format JSON; `titles` by node id go before the graph's own."""
    titles = titles or {}
    return {
        id: {
            "inputs": {name: _saved(value) for name, value in node.inputs.items()},
            "class_type": node.type,
            "_meta": {"title": titles.get(id) or node.title or node.type},
        }
        for id, node in graph.nodes.items()
    }


def _value(value: Any) -> Any:
    """A link if it can be one: `["4", 0]`, also with the id as a number or the slot as 0.0 or "0"."""
    if not isinstance(value, list):
        return unwrapped(value)
    if len(value) != 2 or not isinstance(value[0], (str, int)) or isinstance(value[0], bool):
        return value
    slot = slot_number(value[1])
    if slot is None and isinstance(value[1], int) and not isinstance(value[1], bool):
        slot = value[1]  # a slot that there is none of is told as one, rather than taken for a list
    return value if slot is None else Link(str(value[0]), slot)


def slot_number(value: Any) -> int | None:
    """The number of a slot, which files also have as "1" or 1.0; None if it is none."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_SLOTS
    return value if good else None


def _saved(value: Any) -> Any:
    return [value.node, value.slot] if isinstance(value, Link) else wrapped(value)
