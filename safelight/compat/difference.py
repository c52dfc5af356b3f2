"""Difference: what changed between two workflows, in words.

Nodes are the same if they have the same id and type; of the others, those of one type that agree most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from safelight.compat.conversion import to_graph
from safelight.compat.document import Document
from safelight.compat.saved import SavedNode
from safelight.core.graph import Graph, Link, Node
from safelight.core.registry import Registry
from safelight.core.widget import shown

ABSENT: Any = object()
LONG = 60
"""Letters from which on only the part of a text is told that changed."""


class Difference(NamedTuple):
    """What changed in the computation, and what changed on the canvas alone."""

    meaning: list[str]
    canvas: list[str]


def difference(old: Document, new: Document, registry: Registry) -> Difference:
    """What changed from one document to the other. Raises what `to_graph` does."""
    before, after = to_graph(old, registry).graph, to_graph(new, registry).graph
    pairs = _pairs(before, after)
    back = {new_id: old_id for old_id, new_id in pairs.items()}
    meaning = [f"{_called(id, before[id])} is gone" for id in before if id not in pairs]
    for id, node in after.nodes.items():
        if id not in back:
            meaning.append(f"{_called(id, node)} is new{_told(node, after)}")
        else:
            meaning += _inputs(before, back[id], after, id, pairs)
    return Difference(meaning, list(_canvas(old, new)))


def _pairs(before: Graph, after: Graph) -> dict[str, str]:
    """Which node of the one is which of the other."""
    pairs = {id: id for id, node in before.nodes.items() if id in after and after[id].type == node.type}
    free: dict[str, list[str]] = {}
    for id, node in after.nodes.items():
        if id not in pairs:
            free.setdefault(node.type, []).append(id)
    for id, node in before.nodes.items():
        candidates = free.get(node.type, [])
        if id not in pairs and candidates:
            best = max(candidates, key=lambda other: _likeness(node, after[other]))
            candidates.remove(best)
            pairs[id] = best
    return pairs


def _likeness(one: Node, other: Node) -> tuple[bool, int]:
    same = sum(one.inputs.get(name, ABSENT) == value for name, value in other.inputs.items())
    return bool(one.title) and one.title == other.title, same


def _inputs(before: Graph, old: str, after: Graph, new: str, pairs: Mapping[str, str]) -> Iterator[str]:
    one, other = before[old], after[new]
    called = _called(new, other)
    if one.title != other.title and one.title and other.title:
        yield f"{called} was called '{one.title}'"
    for name in {**one.inputs, **other.inputs}:
        was, now = one.inputs.get(name, ABSENT), other.inputs.get(name, ABSENT)
        moved = Link(pairs[was.node], was.slot) if isinstance(was, Link) and was.node in pairs else was
        if not _same(moved, now):
            yield f"{called}: {name} {_change(was, now, before, after)}"


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _change(was: Any, now: Any, before: Graph, after: Graph) -> str:
    if isinstance(was, str) and isinstance(now, str) and max(len(was), len(now)) > LONG:
        return _words(was, now)
    if now is ABSENT:
        return f"was {_value(was, before)} and is not set any more"
    if was is ABSENT:
        return f"is set to {_value(now, after)}"
    return f"{_value(was, before)} -> {_value(now, after)}"


def _value(value: Any, graph: Graph) -> str:
    if not isinstance(value, Link):
        return shown(value)
    source = graph.nodes.get(value.node)
    named = _called(value.node, source) if source is not None else f"node '{value.node}', which is not there"
    return f"output {value.slot} of {named}"


def _words(was: str, now: str) -> str:
    """The words that changed in a text."""
    old, new = was.split(), now.split()
    said = []
    for kind, a, b, c, d in SequenceMatcher(None, old[:2000], new[:2000], autojunk=False).get_opcodes():
        gone, come = shown(" ".join(old[a:b])), shown(" ".join(new[c:d]))
        if kind == "replace":
            said.append(f"{gone} became {come}")
        elif kind == "delete":
            said.append(f"lost {gone}")
        elif kind == "insert":
            said.append(f"gained {come}")
    more = f", and {len(said) - 4} more changes" if len(said) > 4 else ""
    return ", ".join(said[:4]) + more if said else "differs in blanks only"


def _told(node: Node, graph: Graph) -> str:
    parts = [f"{name} {_value(value, graph)}" for name, value in node.inputs.items()]
    return f" ({', '.join(parts[:6])}{', ...' if len(parts) > 6 else ''})" if parts else ""


def _called(id: str, node: Node) -> str:
    return (
        f"{node.type} '{node.title}' ({id})"
        if node.title and node.title != node.type
        else f"{node.type} ({id})"
    )


def _canvas(old: Document, new: Document) -> Iterator[str]:
    """What was moved, noted or switched on the canvas."""
    if old.dialect == "api" or new.dialect == "api":
        return
    before, after = (
        {node.id: node for node in one.nodes() if isinstance(node, SavedNode)} for one in (old, new)
    )
    both = [id for id in after if id in before and after[id].type == before[id].type]
    for id in both:
        was, now = (_mode(one[id]) for one in (before, after))
        if was != now:
            yield f"{_called(id, Node(after[id].type, title=after[id].title))} was {was} and is {now}"
    notes = [
        id
        for id in both
        if "Note" in after[id].type
        and before[id].raw.get("widgets_values") != after[id].raw.get("widgets_values")
    ]
    yield from (f"the note {id} says something else" for id in notes)
    moved = sum(before[id].raw.get("pos") != after[id].raw.get("pos") for id in both)
    if moved:
        yield f"{moved} node{'s were' if moved > 1 else ' was'} moved"
    if old.tree.get("groups") != new.tree.get("groups"):
        yield "the groups changed"


def _mode(node: SavedNode) -> str:
    return "muted" if node.muted else "bypassed" if node.bypassed else "switched on"
