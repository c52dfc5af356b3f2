"""What a node body may return beside plain values: a graph to run in its place, or a blocked output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from safelight.core.graph import Graph


@dataclass(frozen=True, slots=True)
class Blocked:
    """An output that nothing downstream may use: those nodes are skipped. `message` may say why."""

    message: str = ""


@dataclass(frozen=True)
class Expand:
    """Run `graph` in the node's place. `outputs` are values, or links to nodes of `graph`.

    An input of an inner node may be any value that the body got, tensors included; ids are prefixed with the
    node's own id, `parent.inner`.
    """

    graph: Graph
    outputs: Sequence[Any] = ()
