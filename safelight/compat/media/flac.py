"""The comments inside a FLAC sound. RFC 9639, section 8."""

from __future__ import annotations

from typing import BinaryIO

from safelight.compat.media import vorbis
from safelight.compat.media.text import Texts

COMMENT = 4


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the comments of a FLAC sound."""
    stream.seek(4)
    while len(head := stream.read(4)) == 4:
        texts.step()
        length = int.from_bytes(head[1:], "big")
        if head[0] & 0x7F == COMMENT:
            vorbis.add(texts.take(stream, length), texts)
        else:
            stream.seek(length, 1)
        if head[0] & 0x80:
            return
