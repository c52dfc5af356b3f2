"""Headway: whether a job comes on, from one attempt to the next."""

from __future__ import annotations

from safelight.core.event import Event, NodeFinished, NodeProgressed, NodeStarted

Place = tuple[str, int | None]


class Headway:
    """How far a job ever came, in all of its attempts.

    A result counts the first time that it is there, a step of a node when it is later than any before; what
    an attempt only does again does not count.
    """

    def __init__(self) -> None:
        self.count = 0
        """Rises whenever the job comes on."""
        self.node: str | None = None
        """The node that was begun last and is not done."""
        self._done: set[Place] = set()
        self._steps: dict[Place, int] = {}
        self._items: dict[str, int | None] = {}

    def note(self, event: Event) -> None:
        """Take note of what happened."""
        match event:
            case NodeStarted():
                self.node = event.node
                self._items[event.node] = event.item
            case NodeProgressed():
                place = (event.node, self._items.get(event.node))
                if event.done > self._steps.get(place, 0):
                    self._steps[place] = event.done
                    self.count += 1
            case NodeFinished():
                self.node = None if self.node == event.node else self.node
                place = (event.node, event.item)
                if place not in self._done:
                    self._done.add(place)
                    self.count += 1

    @property
    def marker(self) -> str:
        """A text that differs whenever the job has come on."""
        return f"{len(self._done)} results, {self.count} steps"
