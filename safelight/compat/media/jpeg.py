"""The texts inside a JPEG picture: its EXIF segment and its comments. ITU-T T.81, annex B."""

from __future__ import annotations

import struct
from typing import BinaryIO

from safelight.compat.media import exif
from safelight.compat.media.text import Texts

APP1, COM, SCAN, END = 0xE1, 0xFE, 0xDA, 0xD9


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the texts of a JPEG picture; segments after the first scan are not looked at."""
    stream.seek(2)
    while len(head := stream.read(4)) == 4:
        mark, kind, length = struct.unpack(">BBH", head)
        if mark != 0xFF or kind in (SCAN, END):
            return
        texts.step()
        if kind in (APP1, COM):
            data = texts.take(stream, length - 2)
            if kind == COM:
                texts.add("comment", data)
            elif data.startswith(b"Exif\0\0"):
                exif.add(data, texts)
        else:
            stream.seek(length - 2, 1)
