"""Tail: the last lines of a worker's log, whatever it writes and however fast."""

from __future__ import annotations

from collections import deque
from time import monotonic

LINES = 400
LINE_LONGEST = 2000
RATE = 64 * 1024
"""Bytes a second that are read as text, on average."""
BURST = 4 * RATE
RECENT = 4096
"""Bytes at the end that are always kept, so that a flood does not hide what a worker died of."""


class Tail:
    """Takes what a worker writes in chunks; what comes too fast is counted and left out."""

    def __init__(self) -> None:
        self.left_out = 0
        self._lines: deque[str] = deque(maxlen=LINES)
        self._rest = b""
        self._recent = b""
        self._room = float(BURST)
        self._at = monotonic()
        self._missing = 0

    def feed(self, data: bytes) -> list[str]:
        """Take a chunk; returns the lines that it completed, to be shown elsewhere."""
        now = monotonic()
        self._room = min(BURST, self._room + (now - self._at) * RATE)
        self._at = now
        if len(data) > self._room:
            self._recent = (self._recent + data)[-RECENT:]
            self._missing += len(data) + len(self._rest)
            self.left_out += len(data) + len(self._rest)
            self._rest = b""
            return []
        self._room -= len(data)
        lines = [f"[{self._missing / 1024:,.0f} kB of log left out]"] if self._missing else []
        self._missing, self._recent = 0, b""
        *whole, rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        self._rest = rest[-LINE_LONGEST:]
        lines += [_text(line) for line in whole if line.strip()]
        self._lines.extend(lines)
        return lines

    def last(self, count: int = 60) -> tuple[str, ...]:
        """The newest lines, what is not a whole line yet included."""
        lines = [*self._lines, *map(_text, (self._recent or self._rest).split(b"\n"))]
        return tuple([line for line in lines if line.strip()][-count:])


def _text(line: bytes) -> str:
    return line[:LINE_LONGEST].decode("utf-8", "backslashreplace").rstrip()
