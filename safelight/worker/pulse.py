"""Pulse: tells the server once a second that the worker lives, what it holds and how much memory it has."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from safelight.message import Beat

logger = logging.getLogger("safelight.worker")
INTERVAL = 1.0
STATM = Path("/proc/self/statm")


class Pulse:
    """Sends what `beat` makes, until it is closed. A process whose interpreter is stuck has none."""

    def __init__(self, beat: Callable[[], Beat], send: Callable[[Beat], None]) -> None:
        self._beat, self._send = beat, send
        self._over = Event()
        Thread(target=self._work, name="safelight-pulse", daemon=True).start()

    def close(self) -> None:
        """Beat no more."""
        self._over.set()

    def _work(self) -> None:
        while not self._over.wait(INTERVAL):
            try:
                self._send(self._beat())
            except Exception:
                logger.exception("the worker cannot tell how it is")


def resident() -> int:
    """Bytes of memory that this process has; the most that it had, or 0, where the system says no more."""
    if STATM.exists():
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
