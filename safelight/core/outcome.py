"""What a node body may return beside plain values: a graph to run in its place, a blocked output, items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from safelight.core.graph import Graph


@dataclass(frozen=True, slots=True)
class Blocked:
    """An output that nothing downstream may use: those nodes are skipped. `message` may say why."""

    message: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a `Many` output that is known by what it is rather than by its place in the stream.

    Nodes downstream find what they made of it wherever it comes, and whatever the other items are:
    `Many(Item(load(path), ctx.open(path).digest) for path in paths)`.
    """

    value: Any
    key: str
    """A digest, say: it names all that the value depends on, the node's other inputs included."""
    trail: tuple[tuple[str, str], ...] = ()
    """Files, with their digests, that the value depends on and that `key` does not name."""


@dataclass(frozen=True)
class Expand:
    """Run `graph` in the node's place. `outputs` are values, or links to nodes of `graph`.

    An input of an inner node may be any value that the body got, tensors included; ids are prefixed with the
    node's own id, `parent.inner`.
    """

    graph: Graph
    outputs: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Iterations:
    """How often a loop runs: the index of each iteration, and its item if it goes through a list."""

    indices: range
    items: Sequence[Any] | None = None
