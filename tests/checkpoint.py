"""A checkpoint in memory, for tests of runs that are stopped and taken up."""

from __future__ import annotations

from typing import Any


class Kept:
    """Keeps the last state that it is offered; stops the first run after `stop` steps, if that is given."""

    waypoints = None

    def __init__(self, stop: int | None = None) -> None:
        self.stop = stop
        self.found: tuple[str, dict[str, Any]] | None = None
        self.at = 0

    def load(self, digest: str) -> dict[str, Any] | None:
        return self.found[1] if self.found and self.found[0] == digest else None

    def due(self) -> bool:
        return True

    def save(self, step: int, _total: int, digest: str, tree: dict[str, Any]) -> None:
        self.found = (digest, tree)
        if step == self.stop and not self.at:
            raise KeyboardInterrupt

    def resumed(self, step: int, _total: int) -> None:
        self.at = step
