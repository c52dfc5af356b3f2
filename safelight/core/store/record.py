"""Record: one node's result as the store keeps it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Record:
    """Outputs by slot, what was shown, which files were read and written, and what it cost.

    `counts` has the number of items for each output slot that gives many; such a slot's output is None, its items
    have records of their own.
    """

    size = 0
    """Bytes that the memory store counts for it."""
    touched = 0
    """When the memory store was last asked for it, on a clock of its own."""
    versions: tuple[tuple[Any, int], ...] = ()
    """Tensors with their version when they were made, to notice changes in place."""
    shown: dict[str, Any] | None = None
    reads: tuple[tuple[str, str], ...] = ()
    """Files that were read, with their digests."""
    writes: tuple[str, ...] = ()
    counts: dict[int, int] | None = None
    made = 0.0
    """Seconds since 1970, 0 where it was made by this process."""

    def __init__(self, outputs: tuple[Any, ...], type: str = "", seconds: float = 0.0) -> None:
        self.outputs = outputs
        self.type = type
        self.seconds = seconds

    def stale(self, digest_of: Callable[[Path], str]) -> str | None:
        """Say which file no longer is as it was when the result was made, or None."""
        for path in self.writes:
            if not os.path.exists(path):
                return f"the file {os.path.basename(path)} is gone"
        for path, digest in self.reads:
            try:
                now = digest_of(Path(path))
            except OSError:
                return f"the file {os.path.basename(path)} is gone"
            if now != digest:
                return f"the file {os.path.basename(path)} changed"
        return None
