"""Cell: one evaluation of one node, and what waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from safelight.core.graph import Node
from safelight.core.spec import NodeSpec
from safelight.core.store.record import Record

NEW, WAITING, RUNNING, DONE = range(4)


class Cell:
    """A node, or one item of a node that runs once per item (`index`).

    What most cells never need is a default of the class: ten thousand of these are made in a large graph.
    """

    state = NEW
    pending = 0
    """How many sources are not there yet."""
    users = 0
    """How many cells still want the outputs."""
    record: Record | None = None
    waiters: list[Waiter] | None = None
    index: int | None = None
    forced = False
    """The body is to run, whatever the store has."""
    miss = ""
    """Why a stored result was not taken."""

    def __init__(self, id: str, node: Node, spec: NodeSpec, key: bytes) -> None:
        self.id = id
        self.node = node
        self.spec = spec
        self.key = key

    def wait(self, waiter: Waiter) -> None:
        """Hold `waiter` back until this cell is done."""
        waiter.pending += 1
        if self.waiters is None:
            self.waiters = [waiter]
        else:
            self.waiters.append(waiter)


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
