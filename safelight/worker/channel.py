"""Channel: the pipes to the server, which are taken from under standard input and output.

What nodes and libraries print goes to standard error instead, which the server reads as the worker's log.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
from collections import deque
from io import TextIOWrapper
from threading import Condition, Thread
from typing import BinaryIO

from safelight.message import LENGTHS, Ended, Message, MessageError, frame, lengths, message

FAREWELL = 10.0
"""Seconds that the server gets to take the last reports."""
PR_SET_PDEATHSIG = 1


def take_over() -> tuple[BinaryIO, int]:
    """The pipes for orders and for reports; from now on nobody else can read or write them."""
    orders, reports = os.fdopen(os.dup(0), "rb"), os.dup(1)
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
    """Sends reports: at once, so that what was told before a crash arrives, and without ever waiting for it.

    What does not fit into the pipe is sent by a thread when there is room.
    """

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._left: deque[bytes] = deque()
        self._turn = Condition()
        self._over = False
        self._nonblocking = sys.platform != "win32"
        if self._nonblocking:
            os.set_blocking(pipe, False)
        self._thread = Thread(target=self._work, name="safelight-outbox", daemon=True)
        self._thread.start()

    def send(self, report: Message) -> None:
        """Send a report, in turn."""
        data = _framed(report)
        with self._turn:
            if not self._left and self._nonblocking:
                data = data[self._write(data) :]
            if data:
                self._left.append(data)
                self._turn.notify()

    def close(self) -> None:
        """Send what waits, and nothing after that."""
        with self._turn:
            self._over = True
            self._turn.notify()
        self._thread.join(FAREWELL)

    def _write(self, data: bytes) -> int:
        """Write what fits; nobody reads what is written when the server is gone."""
        try:
            return os.write(self._pipe, data)
        except BlockingIOError:
            return 0
        except OSError:
            return len(data)

    def _work(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._left or self._over)
                if not self._left:
                    return
                data = self._left[0]
            if self._nonblocking:
                select.select([], [self._pipe], [])
            written = self._write(data)
            with self._turn:
                if written < len(data):
                    self._left[0] = data[written:]
                else:
                    self._left.popleft()


def _framed(report: Message) -> bytes:
    """A report as bytes; of an end that cannot be told in full, at least that it was one."""
    try:
        return frame(report)
    except (MessageError, TypeError, ValueError) as error:
        if not isinstance(report, Ended):
            raise
        notice = f"not all of the results could be told ({error})"
        return frame(Ended(report.job, report.attempt, report.status, report.seconds, notices=[notice]))
