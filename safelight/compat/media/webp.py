"""The EXIF texts inside a WebP picture.

https://developers.google.com/speed/webp/docs/riff_container
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from safelight.compat.media import exif
from safelight.compat.media.text import Texts


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the texts of a WebP picture."""
    stream.seek(12)
    while len(head := stream.read(8)) == 8:
        kind, length = struct.unpack("<4sI", head)
        texts.step()
        if kind == b"EXIF":
            exif.add(texts.take(stream, length), texts)
            stream.seek(length % 2, 1)
        else:
            stream.seek(length + length % 2, 1)
