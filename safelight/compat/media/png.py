"""The texts inside a PNG picture: tEXt, zTXt, iTXt and eXIf chunks, and `comf` of animated ones.

PNG (Third Edition), https://www.w3.org/TR/png-3/, sections 5.3 and 11.3. Pixels are skipped, not read;
checksums are not verified, because a damaged picture may still carry a whole workflow.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

from safelight.compat.media import exif
from safelight.compat.media.text import Texts, too_big
from safelight.core.error import DocumentError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KINDS = (b"tEXt", b"zTXt", b"iTXt", b"comf", b"eXIf")


def read_png(stream: BinaryIO) -> dict[str, str]:
    """The texts of the PNG picture in a seekable `stream`, by keyword; the first of each keyword counts.

    Raises DocumentError if it is no PNG, or if its texts would be larger than `LARGEST`. A picture that was
    cut short gives the texts that come before the cut.
    """
    texts = Texts()
    read(stream, texts)
    return texts


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the texts of a PNG picture."""
    if stream.read(len(SIGNATURE)) != SIGNATURE:
        raise DocumentError("it is not a PNG picture")
    while len(head := stream.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            return
        if kind not in KINDS:
            stream.seek(length + 4, 1)
            continue
        try:
            data = texts.take(stream, length)
        except EOFError:
            return
        stream.seek(4, 1)
        if kind == b"eXIf":
            exif.add(data, texts)
        else:
            _add(kind, data, texts)


def _add(kind: bytes, data: bytes, texts: Texts) -> None:
    """Add the text of one chunk, if it is not damaged."""
    keyword, _, rest = data.partition(b"\0")
    packed = kind == b"zTXt"
    if packed:
        rest = rest[1:]  # the compression method, of which there is one
    elif kind == b"iTXt":
        packed = rest[:1] == b"\1"
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]  # after language and translated keyword
    try:
        text = _unpack(rest, texts.room) if packed else rest
    except zlib.error:
        return
    if keyword:
        texts.add(keyword.decode("latin-1"), text)


def _unpack(data: bytes, room: int) -> bytes:
    packing = zlib.decompressobj()
    text = packing.decompress(data, room + 1)
    if packing.unconsumed_tail or len(text) > room:
        raise too_big()
    return text
