"""Cell: one evaluation of one node, and what waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from safelight.core.graph import Node
from safelight.core.spec import NodeSpec
from safelight.core.store.record import Record

NEW, WAITING, RUNNING, DONE = range(4)


class Cell:
    """A node, or one item of a node that runs once per item (`index`)."""

    __slots__ = (
        "bound",
        "forced",
        "id",
        "index",
        "key",
        "miss",
        "node",
        "pending",
        "record",
        "spec",
        "state",
        "tainted",
        "users",
        "waiters",
    )

    def __init__(self, id: str, node: Node, spec: NodeSpec, key: bytes, index: int | None = None) -> None:
        self.id = id
        self.node = node
        self.spec = spec
        self.key = key
        self.index = index
        self.state = NEW
        self.pending = 0
        self.users = 0
        self.record: Record | None = None
        self.waiters: list[Waiter] = []
        self.bound: dict[str, Any] | None = None
        self.miss = ""
        self.forced = False
        """The body is to run, whatever the store has."""
        self.tainted = False
        """Made under other than the planned arithmetic, or from such: not to be stored."""


class Wake:
    """Calls back, once, when everything that it waits for is there.

    Whoever makes one holds it back with a count of its own, and lets go by `release`.
    """

    __slots__ = ("call", "pending")

    def __init__(self, call: Callable[[], None]) -> None:
        self.call = call
        self.pending = 1

    def release(self) -> bool:
        """Let go; tells whether there is still something to wait for. If not, the call is not made."""
        self.pending -= 1
        return self.pending > 0


Waiter: TypeAlias = Cell | Wake
