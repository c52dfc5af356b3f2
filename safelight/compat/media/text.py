"""Texts: what a media file carries, by key, with a bound on how much of it is taken."""

from __future__ import annotations

import re
from typing import BinaryIO

from safelight.core.error import DocumentError

LARGEST = 64 * 2**20
"""The most bytes of text that one file may hold, unpacked."""
ENTRIES = 100_000
"""The most parts of a file that are looked at."""
_TAGGED = re.compile(r"\s*(prompt|workflow)\s*:\s*(?=[\[{])", re.IGNORECASE)


class Texts(dict[str, str]):
    """Texts by key; the first of each key counts. `room` is how many bytes more may be taken."""

    def __init__(self) -> None:
        super().__init__()
        self.room = LARGEST
        self.parts = 0

    def step(self) -> None:
        """Count one more part of the file; EOFError if no sane file has so many."""
        self.parts += 1
        if self.parts > ENTRIES:
            raise EOFError

    def take(self, stream: BinaryIO, length: int) -> bytes:
        """Read bytes that hold texts. Raises DocumentError if there are too many, EOFError if too few."""
        if length > self.room:
            raise too_big()
        data = stream.read(max(length, 0))
        if len(data) < length:
            raise EOFError
        return data

    def add(self, key: str, text: bytes | str) -> None:
        """Note a text under its key, or, if it says `workflow:{...}` itself, under that."""
        self.room -= len(text)
        if self.room < 0:
            raise too_big()
        text = decode(text) if isinstance(text, bytes) else text
        tagged = _TAGGED.match(text[:64])
        if tagged:
            key, text = tagged[1].lower(), text[tagged.end() :]
        self.setdefault(key, text.rstrip("\0"))


def decode(text: bytes) -> str:
    """UTF-8 if it is that, which pure ASCII is too; else Latin-1, as the standard says for tEXt and zTXt."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def too_big() -> DocumentError:
    """What is said of a file with too much text."""
    return DocumentError(
        f"its texts are larger than {LARGEST // 2**20} MiB", remedy="Choose a file that a workflow saved."
    )
