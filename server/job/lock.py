"""Lock: one server at a time has a store open. The lock goes with the process, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from server.job.record import StoreBusy


class Lock:
    """Holds a file locked until it is closed. StoreBusy if another process does."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _lock(self._file)
        except OSError as error:
            os.close(self._file)
            raise StoreBusy(
                f"another server has the jobs of {path.parent} open",
                remedy="End it, or choose another folder with --data.",
            ) from error

    def close(self) -> None:
        """Let go of it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
