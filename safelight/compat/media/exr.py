"""The texts in the header of an OpenEXR picture.

https://openexr.com/en/latest/OpenEXRFileLayout.html
"""

from __future__ import annotations

from typing import BinaryIO

from safelight.compat.media.text import Texts

NAME_LONGEST = 256


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the attributes of the type `string`."""
    stream.seek(8)
    while name := _name(stream):
        texts.step()
        kind = _name(stream)
        length = int.from_bytes(stream.read(4), "little")
        if kind == "string":
            texts.add(name, texts.take(stream, length))
        else:
            stream.seek(length, 1)


def _name(stream: BinaryIO) -> str:
    found = bytearray()
    while (byte := stream.read(1)) not in (b"", b"\0"):
        found += byte
        if len(found) > NAME_LONGEST:
            raise EOFError
    return found.decode("utf-8", "replace")
