"""Interrupt: Ctrl+C asks the run to end, and sees to it that it does within a second. A second one kills.

A request to end from another program (SIGTERM) is heeded alike.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from safelight.cli.outcome import CANCELLED
from safelight.core.cancel import Cancel

SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE = 0.7
"""Seconds that the run gets to end by itself; a library that is just being imported does not listen."""


@contextmanager
def interruptible(cancel: Cancel, last_words: Callable[[], None]) -> Iterator[None]:
    """While this is open, a signal raises `cancel`; if that is not heeded, `last_words` and the process ends.

    What is kept on disk is always written whole or not at all, so ending at any moment loses nothing more.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may listen to signals
        return
    asked, over = threading.Event(), threading.Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        asked.set()
        cancel.cancel()

    def wait() -> None:
        asked.wait()
        if not over.wait(PATIENCE):
            last_words()
            os._exit(CANCELLED)

    before = [signal.signal(number, interrupt) for number in SIGNALS]
    threading.Thread(target=wait, name="safelight-interrupt", daemon=True).start()
    try:
        yield
    finally:
        over.set()
        asked.set()
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
