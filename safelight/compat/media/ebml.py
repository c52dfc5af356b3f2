"""The tags inside a Matroska or WebM film. RFC 8794 (EBML), RFC 9559 (Matroska), 5.1.8."""

from __future__ import annotations

from typing import BinaryIO

from safelight.compat.media.text import Texts

SEGMENT, TAGS, TAG, SIMPLE, NAME, STRING = 0x18538067, 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
HOLDERS = (SEGMENT, TAGS, TAG)


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the tags of a film."""
    end = stream.seek(0, 2)
    stream.seek(0)
    waiting = [(0, end)]
    while waiting:
        place, end = waiting.pop()
        while place < end:
            texts.step()
            stream.seek(place)
            id, length = _number(stream, keep=True), _number(stream)
            start = stream.tell()
            unknown = length < 0
            stop = end if unknown else min(start + length, end)
            if id in HOLDERS or unknown:  # of unknown length are segments and clusters of live streams
                waiting.append((stop, end))
                end = stop
                place = start
                continue
            if id == SIMPLE:
                _simple(stream, texts, start, stop)
            place = stop


def _simple(stream: BinaryIO, texts: Texts, place: int, end: int) -> None:
    name, text = "", b""
    while place < end:
        texts.step()
        stream.seek(place)
        id, length = _number(stream, keep=True), _number(stream)
        start = stream.tell()
        if length < 0 or start + length > end:
            return
        if id == NAME:
            name = texts.take(stream, length).decode("utf-8", "replace")
        elif id == STRING:
            text = texts.take(stream, length)
        place = start + length
    if name:
        texts.add(name.lower(), text)


def _number(stream: BinaryIO, keep: bool = False) -> int:
    """A number of variable length; with `keep` its length mark belongs to it. -1 stands for unknown."""
    first = stream.read(1)
    if not first or not first[0]:
        raise EOFError
    length = 9 - first[0].bit_length()
    rest = stream.read(length - 1)
    if len(rest) < length - 1:
        raise EOFError
    if keep:
        return int.from_bytes(first + rest, "big")
    value = int.from_bytes(bytes([first[0] & (0xFF >> length)]) + rest, "big")
    return -1 if value == 2 ** (7 * length) - 1 else value
