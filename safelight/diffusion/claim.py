"""Claims: what a film's header says of its size, held against the file before anything believes it.

A file that was cut short ends within a box (ISO/IEC 14496-12) or a segment (RFC 9559); a table of frames can
say that there are more of them than the file has bytes, for which a reader would take memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from safelight.diffusion.failure import MediaError

FILMS = (b"ftyp", b"moov", b"wide", b"mdat", b"free", b"skip", b"pnot")
HOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
RUNS = (b"stts", b"ctts")
"""Tables of runs: how many frames follow each other alike, eight bytes a run."""
SEGMENT = b"\x18\x53\x80\x67"
MATROSKA = b"\x1a\x45\xdf\xa3"
BOXES_MAX = 100_000
RUNS_MAX = 2_000_000
OTHER_COPY = "Choose another copy of it."


class Box(NamedTuple):
    """One box: its kind, and where its content begins and ends."""

    kind: bytes
    start: int
    end: int


def check(stream: BinaryIO, name: str) -> None:
    """Look at a film's header. Raises MediaError where it does not fit the file; other files pass."""
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(8)
    if not size:
        raise MediaError(f"{name} is empty", OTHER_COPY)
    if head[4:8] in FILMS:
        for box in _boxes(stream, Box(b"", 0, size), name):
            if box.kind in HOLDERS:
                _look_into(stream, box, name, size)
    elif head[:4] == MATROSKA:
        _check_segment(stream, name, size)
    stream.seek(0)


def _boxes(stream: BinaryIO, within: Box, name: str) -> Iterator[Box]:
    place = within.start
    for _ in range(BOXES_MAX):
        if place + 8 > within.end:
            return
        stream.seek(place)
        head = stream.read(16)
        length, kind, start = int.from_bytes(head[:4], "big"), head[4:8], place + 8
        if length == 1:
            length, start = int.from_bytes(head[8:16], "big"), place + 16
        end = within.end if length == 0 else place + length
        if end < start or not kind.strip(b"\0"):
            return
        if end > within.end:
            raise MediaError(f"{name} was cut short: it ends within its part {_said(kind)}", OTHER_COPY)
        yield Box(kind, start, end)
        place = end
    raise MediaError(f"{name} has more parts than any film", OTHER_COPY)


def _look_into(stream: BinaryIO, within: Box, name: str, size: int) -> None:
    for box in _boxes(stream, within, name):
        if box.kind in HOLDERS:
            _look_into(stream, box, name, size)
        elif (claimed := _claimed(stream, box)) > size:
            raise MediaError(
                f"{name} says that it has {claimed} frames or sounds, but it has only {size} bytes",
                OTHER_COPY,
            )


def _claimed(stream: BinaryIO, box: Box) -> int:
    """How many frames or pieces of sound a table says that there are, at a byte or more each."""
    if box.kind == b"stsz":
        stream.seek(box.start + 4)
        each, count = (int.from_bytes(stream.read(4), "big") for _ in range(2))
        return each * count if each else count
    if box.kind not in RUNS:
        return 0
    stream.seek(box.start + 4)
    runs = min(int.from_bytes(stream.read(4), "big"), (box.end - box.start - 8) // 8, RUNS_MAX)
    table = stream.read(8 * runs)
    return sum(int.from_bytes(table[place : place + 4], "big") for place in range(0, len(table), 8))


def _check_segment(stream: BinaryIO, name: str, size: int) -> None:
    """A Matroska file is a head and a segment, whose length is known unless it was written while it ran."""
    stream.seek(4)
    length, _ = _number(stream)
    if length > size:
        raise MediaError(f"{name} is damaged: its head is larger than the file", OTHER_COPY)
    stream.seek(length, 1)
    if stream.read(4) != SEGMENT:
        return
    length, known = _number(stream)
    if known and stream.tell() + length > size:
        missing = stream.tell() + length - size
        raise MediaError(f"{name} was cut short: its last {missing} bytes are missing", OTHER_COPY)


def _number(stream: BinaryIO) -> tuple[int, bool]:
    """A number of variable length, and whether it is one: all ones stand for unknown."""
    first = stream.read(1) or b"\xff"
    width = 9 - first[0].bit_length()
    data = bytes([first[0] & (0xFF >> width)]) + stream.read(width - 1)
    value = int.from_bytes(data, "big")
    return value, value != 2 ** (7 * width) - 1


def _said(kind: bytes) -> str:
    return f"'{kind.decode('latin-1')}'" if kind.isalnum() else "there"
