"""Channel: the pipes to the server, which are taken from under standard input and output.

What nodes and libraries print goes to standard error instead, which the server reads as the worker's log.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
from io import TextIOWrapper
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from safelight.message import LENGTHS, Ended, Message, MessageError, frame, lengths, message

logger = logging.getLogger("safelight.worker")
PR_SET_PDEATHSIG = 1


def take_over() -> tuple[BinaryIO, BinaryIO]:
    """The pipes for orders and for reports; from now on nobody else can read or write them."""
    orders, reports = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    return orders, reports


def die_with_parent() -> None:
    """Have the system end this process when the server is gone, whatever it is busy with (on Linux)."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went in between
            os._exit(1)


def receive(pipe: BinaryIO) -> Message | None:
    """The next message; None when the other side is gone. MessageError if it is none."""
    start = pipe.read(LENGTHS.size)
    if len(start) < LENGTHS.size:
        return None
    header, body = lengths(start)
    data = pipe.read(header + body)
    return message(data[:header], data[header:]) if len(data) == header + body else None


class Outbox:
    """Sends reports from a thread of its own, so that nobody who has something to tell waits for the pipe."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._waiting: SimpleQueue[Message | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="safelight-outbox", daemon=True)
        self._thread.start()

    def send(self, report: Message) -> None:
        """Send a report, in turn."""
        self._waiting.put(report)

    def close(self) -> None:
        """Send what waits, and nothing after that."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (report := self._waiting.get()) is not None:
            try:
                self._pipe.write(_framed(report))
                if self._waiting.empty():
                    self._pipe.flush()
            except OSError:
                return  # the server is gone: whoever reads orders notices that too
            except Exception:
                logger.exception("a report cannot be sent")


def _framed(report: Message) -> bytes:
    """A report as bytes; of an end that cannot be told in full, at least that it was one."""
    try:
        return frame(report)
    except (MessageError, TypeError, ValueError) as error:
        if not isinstance(report, Ended):
            raise
        notice = f"not all of the results could be told ({error})"
        return frame(Ended(report.job, report.attempt, report.status, report.seconds, notices=[notice]))
