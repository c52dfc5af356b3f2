"""DiskCheckpoint: the state of a half-done node in a file, so that a killed run goes on where it was."""

from __future__ import annotations

import logging
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from safelight.core.store import format
from safelight.core.store.codec import Codec, Unstorable
from safelight.core.waypoint import Waypoints

log = logging.getLogger("safelight.checkpoint")
INTERVAL = 1.0
"""Seconds between two saves."""
KEPT = 64
"""Half-done nodes whose state is kept; older ones are deleted."""


class DiskCheckpoint:
    """One node's checkpoint, named by its key. A damaged file is as good as none."""

    def __init__(self, root: Path, key: bytes, codec: Codec, waypoints: Waypoints | None = None) -> None:
        self.path = root / f"{key.hex()}.safetensors"
        self.codec = codec
        self.waypoints = waypoints
        self.taken_up: tuple[int, int] | None = None
        self.began: tuple[int, int] | None = None
        self.refused = ""
        self._last = -INTERVAL

    def load(self, digest: str) -> dict[str, Any] | None:
        """The stored tree, or None; `refused` says why one that is there was not taken."""
        try:
            stored, tensors = format.read(self.path, self.codec)
            if stored["digest"] != digest:
                self.refused = "what it was made from is not the same any more"
                return None
            tree = self.codec.decode(stored["tree"], tensors)
        except FileNotFoundError:
            return None
        except Exception as error:
            log.warning("the checkpoint %s cannot be read (%s): the node starts over", self.path.name, error)
            return None
        return tree if isinstance(tree, dict) else None

    def due(self) -> bool:
        """Whether the last save was long enough ago."""
        return time.monotonic() - self._last >= INTERVAL

    def save(self, step: int, total: int, digest: str, tree: dict[str, Any]) -> None:
        """Write the state after `step` of `total`; a folder that cannot be written is a warning."""
        self._last = time.monotonic()
        try:
            packed, tensors = self.codec.encode(tree)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            content = {"digest": digest, "step": step, "total": total, "tree": packed}
            format.write(self.path, content, tensors, self.codec, durable=False)
        except (OSError, Unstorable) as error:
            log.warning("the state of step %d cannot be kept: %s", step, error)

    def resumed(self, step: int, total: int) -> None:
        """Remember for the explanation where the work was taken up."""
        self.taken_up = (step, total)

    def reused(self, step: int, total: int) -> None:
        """Remember for the explanation where the work began, with what an earlier run had kept."""
        self.began = (step, total)

    def done(self) -> None:
        """The node has its result: its half-done state is worth nothing now."""
        if not os.path.lexists(self.path):  # removing it would fail in a folder that can only be read
            return
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the checkpoint %s cannot be removed: %s", self.path.name, error)


def tidy(root: Path) -> None:
    """Delete all but the newest checkpoints. Other processes may be at it too."""
    format.sweep(root)
    with suppress(OSError):
        files = sorted(root.glob("*.safetensors"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[KEPT:]:
            path.unlink(missing_ok=True)
