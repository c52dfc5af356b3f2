"""Speech: what is told on standard error, with a little colour where a person reads it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable
from typing import TextIO

from safelight.core.error import Problems, SafelightError

CLEAR = "\r\x1b[2K"
"""Takes away what stands in the terminal's line."""
STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def colours(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours (https://no-color.org)."""
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def paint(text: str, style: str, stream: TextIO | None = None) -> str:
    """A text in a style, where the stream shows styles."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if colours(stream or sys.stderr) else text


def tell(text: str) -> None:
    """Say a line on standard error, in place of a bar that may stand there."""
    print(f"{CLEAR}{text}" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)


class Spoken(logging.Handler):
    """Says what the program logs, on standard error as it is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say one entry."""
        tell(f"{paint(f'{record.levelname.lower()}:', 'yellow')} {self.format(record)}")


def tell_notices(notices: Iterable[object]) -> None:
    """Say what was read with tolerance, or done otherwise than asked; each thing once."""
    for notice in dict.fromkeys(map(str, notices)):
        tell(f"{paint('note:', 'yellow')} {notice}")


def tell_error(error: BaseException) -> None:
    """Say what went wrong: where, what, and what to do about it."""
    for problem in error.problems if isinstance(error, Problems) else [error]:
        tell(f"{paint('error:', 'red')} {sentence(problem)}")


def sentence(error: BaseException) -> str:
    """An error in words. What no one foresaw is named as such."""
    if isinstance(error, SafelightError) or hasattr(error, "remedy"):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return (
        f"something unforeseen happened ({type(error).__name__}: {error}). "
        "Please report it, with what `--debug` shows."
    )


def amount(seconds: float) -> str:
    """A time as people say it: `12 ms`, `3.4 s`, `2 min 05 s`."""
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{int(seconds) // 60} min {int(seconds) % 60:02} s"
    return f"{int(seconds) // 3600} h {int(seconds) // 60 % 60:02} min"


def size(count: float) -> str:
    """Bytes as people say them: `812 kB`, `1.2 MB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def plural(count: int, noun: str) -> str:
    """`1 node`, `2 nodes`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
