"""Progress: how far each node of a running job is, in the shape of the socket's `progress_state`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

ALL_MAX = 50
"""Nodes up to which every message tells of all of them. Of more, only those that run and the newest that
finished are told, so that what is sent grows with the nodes and not with their square."""
NEWEST = 3


class Progress:
    """The nodes of one attempt that have begun."""

    def __init__(self, job: str) -> None:
        self.job = job
        self.known: Collection[str] = frozenset()
        """The ids that the job began with; others are made while it runs."""
        self._running: dict[str, dict[str, Any]] = {}
        self._finished: dict[str, dict[str, Any]] = {}

    @property
    def running(self) -> str | None:
        """The node that runs, the one begun first if there are several."""
        return next(iter(self._running), None)

    def begin(self, node: str) -> None:
        """A node runs now."""
        self._finished.pop(node, None)
        self._running[node] = self._entry(node, "running", 0.0, 1.0)

    def move(self, node: str, done: float, total: float) -> bool:
        """A node has done so much; tells whether that is news."""
        before = self._running.get(node)
        self._running[node] = self._entry(node, "running", done, total)
        return self._running[node] != before

    def finish(self, node: str, state: str = "finished") -> None:
        """A node has ended."""
        entry = self._running.pop(node, None)
        total = entry["max"] if entry is not None else 1.0
        self._finished[node] = self._entry(node, state, total, total)
        if len(self._finished) > 2 * ALL_MAX:
            self._finished = dict(list(self._finished.items())[-ALL_MAX - 1 :])

    def state(self) -> dict[str, Any]:
        """The message's data."""
        finished = self._finished
        if len(finished) + len(self._running) > ALL_MAX:
            finished = dict(list(finished.items())[-NEWEST:])
        return {"prompt_id": self.job, "nodes": {**finished, **self._running}}

    def _entry(self, node: str, state: str, done: float, total: float) -> dict[str, Any]:
        display, parent = self.place(node)
        return {
            "value": done,
            "max": total,
            "state": state,
            "node_id": node,
            "prompt_id": self.job,
            "display_node_id": display,
            "parent_node_id": parent,
            "real_node_id": node,
        }

    def place(self, node: str) -> tuple[str, str | None]:
        """The node that a person sees for this one, and the one that made it, if one did."""
        above = list(self._above(node))
        return (above[-1], above[0]) if above else (node, None)

    def _above(self, node: str) -> list[str]:
        """What stands above a node made by a node: ids are `parent.inner` or `parent.index.inner`."""
        found = []
        while node not in self.known and "." in node:
            node = node.rpartition(".")[0]
            if node in self.known or node in self._running or node in self._finished:
                found.append(node)
        return found

    def meta(self, node: str) -> dict[str, Any]:
        """Where a node's output belongs, as the history tells it."""
        display, parent = self.place(node)
        return {"node_id": node, "display_node": display, "parent_node": parent, "real_node_id": node}
