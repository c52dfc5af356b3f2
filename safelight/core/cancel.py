"""Cancel: a flag that any thread may raise and every node body checks."""

from __future__ import annotations

from collections.abc import Callable

from safelight.core.error import Cancelled


class Cancel:
    """Raised once, never lowered. `check` is cheap enough for each step of an inner loop."""

    __slots__ = ("_listeners", "raised")

    def __init__(self) -> None:
        self.raised = False
        self._listeners: list[Callable[[], None]] = []

    def cancel(self) -> None:
        """Ask for the run to end; safe from any thread and from a signal handler."""
        self.raised = True
        for listener in list(self._listeners):
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` when the flag is raised (at once if it is)."""
        self._listeners.append(listener)
        if self.raised:
            listener()

    def check(self) -> None:
        """Raise Cancelled if the flag is up."""
        if self.raised:
            raise Cancelled
