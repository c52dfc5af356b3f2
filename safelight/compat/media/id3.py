"""The texts in the ID3 tag of an MP3 sound: TXXX and COMM frames.

https://id3.org/id3v2.4.0-structure
"""

from __future__ import annotations

from typing import BinaryIO

from safelight.compat.media.text import Texts

CODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the texts of an ID3 tag of version 2.3 or 2.4."""
    head = stream.read(10)
    version, flags = head[3], head[5]
    data = texts.take(stream, _synchsafe(head[6:10]))
    if flags & 0x80 and version < 4:
        data = data.replace(b"\xff\x00", b"\xff")
    place = 0
    if flags & 0x40:
        place = _synchsafe(data[:4]) if version >= 4 else 4 + int.from_bytes(data[:4], "big")
    while place + 10 <= len(data) and data[place]:
        texts.step()
        kind, size = data[place : place + 4], data[place + 4 : place + 8]
        length = _synchsafe(size) if version >= 4 else int.from_bytes(size, "big")
        frame = data[place + 10 : place + 10 + length]
        if kind in (b"TXXX", b"COMM") and frame:
            _add(kind, frame, texts)
        place += 10 + length


def _add(kind: bytes, frame: bytes, texts: Texts) -> None:
    coding = CODINGS[frame[0]] if frame[0] < len(CODINGS) else "latin-1"
    rest = frame[4:] if kind == b"COMM" else frame[1:]
    end = b"\0\0" if coding.startswith("utf-16") else b"\0"
    cut = rest.find(end)
    while cut >= 0 and cut % len(end):
        cut = rest.find(end, cut + 1)
    if cut < 0:
        return
    key, text = rest[:cut].decode(coding, "replace"), rest[cut + len(end) :].decode(coding, "replace")
    texts.add(key.lower() or "comment", text)


def _synchsafe(data: bytes) -> int:
    return (
        int.from_bytes(data, "big")
        if len(data) < 4
        else sum((byte & 0x7F) << 7 * (3 - n) for n, byte in enumerate(data))
    )
