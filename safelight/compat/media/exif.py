"""The texts in EXIF data: tags of the first two directories of a TIFF structure.

TIFF 6.0, section 2; Exif 2.32, 4.6. Values are text, or UserComment with its own mark of the encoding.
"""

from __future__ import annotations

import struct

from safelight.compat.media.text import Texts, decode

ASCII, UNDEFINED, BYTE = 2, 7, 1
SUBFOLDER, COMMENT, DESCRIPTION = 0x8769, 0x9286, 0x010E
NAMES = {COMMENT: "parameters", DESCRIPTION: "description"}


def add(data: bytes, texts: Texts) -> None:
    """Add the texts of an EXIF block. A damaged block gives what can be read."""
    data = data.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        return
    waiting, seen = [struct.unpack_from(f"{order}I", data, 4)[0]], set()
    while waiting:
        place = waiting.pop()
        if place in seen or place + 2 > len(data):
            continue
        seen.add(place)
        (count,) = struct.unpack_from(f"{order}H", data, place)
        for entry in range(place + 2, min(place + 2 + 12 * count, len(data) - 11), 12):
            texts.step()
            tag, kind, length = struct.unpack_from(f"{order}HHI", data, entry)
            (value,) = struct.unpack_from(f"{order}I", data, entry + 8)
            if tag == SUBFOLDER:
                waiting.append(value)
            elif kind in (ASCII, UNDEFINED, BYTE):
                start = entry + 8 if length <= 4 else value
                _note(tag, data[start : start + length], order, texts)


def _note(tag: int, value: bytes, order: str, texts: Texts) -> None:
    if tag == COMMENT and value[:8] == b"UNICODE\0":
        wide = value[8:]
        big = wide[:1] == b"\0" or (order == ">" and wide[1:2] != b"\0")
        texts.add("parameters", wide.decode("utf-16-be" if big else "utf-16-le", "replace"))
    elif tag == COMMENT:
        texts.add("parameters", decode(value.removeprefix(b"ASCII\0\0\0")))
    else:
        texts.add(NAMES.get(tag, f"exif {tag:#06x}"), decode(value).rstrip("\0"))
