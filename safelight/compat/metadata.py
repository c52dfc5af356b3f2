"""The texts inside a PNG picture: tEXt, zTXt and iTXt chunks, by keyword.

PNG (Third Edition), https://www.w3.org/TR/png-3/, sections 5.3 and 11.3.3. Pixels are skipped, not read;
checksums are not verified, because a damaged picture may still carry a whole workflow.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

from safelight.core.error import DocumentError

SIGNATURE = b"\x89PNG\r\n\x1a\n"

LARGEST = 64 * 2**20
"""The most bytes of text that one picture may hold, unpacked."""


def read_png(stream: BinaryIO) -> dict[str, str]:
    """The texts of the PNG picture in a seekable `stream`, by keyword; the first of each keyword counts.

    Raises DocumentError if it is no PNG, or if its texts would be larger than `LARGEST`. A picture that was
    cut short gives the texts that come before the cut.
    """
    if stream.read(len(SIGNATURE)) != SIGNATURE:
        raise DocumentError("it is not a PNG picture")
    texts: dict[str, str] = {}
    room = LARGEST
    while len(head := stream.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            break
        if kind not in (b"tEXt", b"zTXt", b"iTXt"):
            stream.seek(length + 4, 1)
            continue
        if length > room:
            raise _too_big()
        data = stream.read(length)
        if len(data) < length:
            break
        stream.seek(4, 1)
        keyword, text = _entry(kind, data, room)
        room -= len(text)
        if keyword:
            texts.setdefault(keyword, _decode(text))
    return texts


def _entry(kind: bytes, data: bytes, room: int) -> tuple[str, bytes]:
    """The keyword and the unpacked text of one chunk; no keyword if the chunk is damaged."""
    keyword, _, rest = data.partition(b"\0")
    packed = kind == b"zTXt"
    if packed:
        rest = rest[1:]  # the compression method, of which there is one
    elif kind == b"iTXt":
        packed = rest[:1] == b"\1"
        rest = (
            rest[2:].partition(b"\0")[2].partition(b"\0")[2]
        )  # after the language and the translated keyword
    try:
        return keyword.decode("latin-1"), _unpack(rest, room) if packed else rest
    except zlib.error:
        return "", b""


def _unpack(data: bytes, room: int) -> bytes:
    packing = zlib.decompressobj()
    text = packing.decompress(data, room)
    if packing.unconsumed_tail:
        raise _too_big()
    return text


def _decode(text: bytes) -> str:
    """UTF-8 if it is that, which pure ASCII is too; else Latin-1, as the standard says for tEXt and zTXt."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _too_big() -> DocumentError:
    return DocumentError(
        f"its texts are larger than {LARGEST // 2**20} MiB", remedy="Choose a picture that a workflow saved."
    )
