"""Media: the texts that pictures, films, sounds, models and drawings carry beside their content.

Only what the containers say is read; nothing is decoded, and nothing in a file is ever run. Every reader
skips content without reading it, and stops at `LARGEST` bytes of text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from safelight.compat.media import box, ebml, exr, flac, glb, id3, jpeg, ogg, png, svg, tensor, webp
from safelight.compat.media.text import Texts
from safelight.core.error import DocumentError

HEAD = 64
"""How many bytes tell what a file is."""

Reader = Callable[[BinaryIO, Texts], None]

READERS: tuple[tuple[Callable[[bytes], bool], Reader], ...] = (
    (lambda head: head.startswith(png.SIGNATURE), png.read),
    (lambda head: head.startswith(b"\xff\xd8\xff"), jpeg.read),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", webp.read),
    (lambda head: head[4:8] in (b"ftyp", b"moov", b"wide", b"mdat"), box.read),
    (lambda head: head.startswith(b"\x1a\x45\xdf\xa3"), ebml.read),
    (lambda head: head.startswith(b"fLaC"), flac.read),
    (lambda head: head.startswith(b"OggS"), ogg.read),
    (lambda head: head.startswith(b"ID3"), id3.read),
    (lambda head: head.startswith(b"glTF"), glb.read),
    (lambda head: head.startswith(b"\x76\x2f\x31\x01"), exr.read),
    (lambda head: head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"), svg.read),
    (
        lambda head: len(head) > 8 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 2**40,
        tensor.read,
    ),
)


def read(stream: BinaryIO) -> Texts | None:
    """The texts in the media file in a seekable `stream`, by key; None if it is no media file known here.

    Raises DocumentError if the texts would be larger than `LARGEST`. A damaged file gives what can be read.
    """
    head = stream.read(HEAD)
    stream.seek(0)
    for fits, reader in READERS:
        if fits(head):
            texts = Texts()
            try:
                reader(stream, texts)
            except (ValueError, IndexError, KeyError, TypeError, OverflowError, RecursionError, EOFError):
                if not texts:
                    raise DocumentError("the file is damaged", remedy="Choose another copy of it.") from None
            return texts
    return None
