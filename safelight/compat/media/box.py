"""The texts inside files made of boxes: MP4 and MOV films, AVIF and HEIF pictures.

ISO/IEC 14496-12 (boxes, `meta`, `iloc`), 23008-12 (`Exif` items), QuickTime File Format (`keys`, `ilst`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from safelight.compat.media import exif
from safelight.compat.media.text import Texts

HOLDERS = (b"moov", b"udta", b"trak", b"ilst")
NAMES = {b"\xa9cmt": "comment", b"\xa9des": "description", b"desc": "description", b"\xa9nam": "title"}
DEEPEST = 10


class Box(NamedTuple):
    """One box: its kind, and where its content begins and ends."""

    kind: bytes
    start: int
    end: int


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the texts of a file made of boxes."""
    end = stream.seek(0, 2)
    _walk(stream, texts, Box(b"", 0, end), 0)


def boxes(stream: BinaryIO, texts: Texts, within: Box) -> Iterator[Box]:
    """The boxes inside a box."""
    place = within.start
    while place + 8 <= within.end:
        texts.step()
        stream.seek(place)
        length, kind = struct.unpack(">I4s", stream.read(8))
        start = place + 8
        if length == 1:
            (length,) = struct.unpack(">Q", stream.read(8))
            start += 8
        end = within.end if length == 0 else place + length
        if end < start or end > within.end:
            return
        yield Box(kind, start, end)
        place = end


def _walk(stream: BinaryIO, texts: Texts, within: Box, depth: int) -> None:
    for box in boxes(stream, texts, within):
        if box.kind == b"meta":
            _meta(stream, texts, box)
        elif box.kind in HOLDERS and depth < DEEPEST:
            _walk(stream, texts, box, depth + 1)


def _meta(stream: BinaryIO, texts: Texts, box: Box) -> None:
    """A `meta` box: keys and values of a film, or the items of a picture. QuickTime's has no version."""
    stream.seek(box.start + 4)
    versioned = stream.read(4) != b"hdlr"
    inner = list(boxes(stream, texts, Box(b"meta", box.start + 4 * versioned, box.end)))
    found = {one.kind: one for one in inner}
    keys = list(_keys(stream, texts, found[b"keys"])) if b"keys" in found else []
    if b"ilst" in found:
        _values(stream, texts, found[b"ilst"], keys)
    if b"iinf" in found and b"iloc" in found:
        _items(stream, texts, found[b"iinf"], found[b"iloc"])


def _keys(stream: BinaryIO, texts: Texts, box: Box) -> Iterator[str]:
    for one in boxes(stream, texts, Box(b"keys", box.start + 8, box.end)):
        stream.seek(one.start)
        yield texts.take(stream, one.end - one.start).decode("utf-8", "replace").rpartition(".")[2]


def _values(stream: BinaryIO, texts: Texts, box: Box, keys: list[str]) -> None:
    for item in boxes(stream, texts, box):
        number = int.from_bytes(item.kind, "big") - 1
        key = keys[number] if number < len(keys) else NAMES.get(item.kind, "")
        for data in boxes(stream, texts, item):
            if data.kind == b"data" and key:
                stream.seek(data.start + 8)
                texts.add(key, texts.take(stream, data.end - data.start - 8))


def _items(stream: BinaryIO, texts: Texts, iinf: Box, iloc: Box) -> None:
    """The EXIF items of a picture."""
    wanted = _exif_ids(stream, texts, iinf)
    for id, place, length in _places(stream, texts, iloc):
        if id in wanted and length > 4:
            stream.seek(place)
            data = texts.take(stream, length)
            exif.add(data[4 + int.from_bytes(data[:4], "big") :], texts)


def _exif_ids(stream: BinaryIO, texts: Texts, iinf: Box) -> set[int]:
    stream.seek(iinf.start)
    wide = stream.read(1)[0] > 0
    found = set()
    for entry in boxes(stream, texts, Box(b"iinf", iinf.start + (8 if wide else 6), iinf.end)):
        stream.seek(entry.start)
        data = texts.take(stream, entry.end - entry.start)
        size = 4 if data[0] >= 3 else 2
        if data[4 + size + 2 : 4 + size + 6] == b"Exif":
            found.add(int.from_bytes(data[4 : 4 + size], "big"))
    return found


def _places(stream: BinaryIO, texts: Texts, iloc: Box) -> Iterator[tuple[int, int, int]]:
    """Item, place in the file and length, for items that lie in one piece in the file itself."""
    stream.seek(iloc.start)
    data = memoryview(texts.take(stream, iloc.end - iloc.start))
    version, place = data[0], 6
    sizes = (data[4] >> 4, data[4] & 15, data[5] >> 4, (data[5] & 15) * (version > 0))

    def number(size: int) -> int:
        nonlocal place
        place += size
        if place > len(data):
            raise EOFError
        return int.from_bytes(data[place - size : place], "big")

    id_size = 4 if version == 2 else 2
    for _ in range(number(id_size)):
        texts.step()
        id = number(id_size)
        method = number(2) & 15 if version > 0 else 0
        number(2)  # the other file that the data may lie in
        start = number(sizes[2])
        extents = [(number(sizes[3]), number(sizes[0]), number(sizes[1])) for _ in range(number(2))]
        if method == 0 and len(extents) == 1:
            yield id, start + extents[0][1], extents[0][2]
