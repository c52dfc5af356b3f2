"""The comments inside an Ogg file: Vorbis, Opus or FLAC sound. RFC 3533, RFC 7845."""

from __future__ import annotations

from typing import BinaryIO

from safelight.compat.media import vorbis
from safelight.compat.media.text import Texts

MARKS = (b"OpusTags", b"\x03vorbis")
PAGES = 4096
"""How many pages are looked at: comments stand at the beginning."""


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the comments of an Ogg file."""
    packet, packets = bytearray(), 0
    for _ in range(PAGES):
        head = stream.read(27)
        if len(head) < 27 or head[:4] != b"OggS":
            return
        for length in stream.read(head[26]):
            packet += texts.take(stream, length)
            if len(packet) > texts.room:
                texts.add("", bytes(packet))  # refuses it
            if length < 255:
                packets += 1
                if _comments(bytes(packet), texts) or packets > 8:
                    return
                packet.clear()


def _comments(packet: bytes, texts: Texts) -> bool:
    for mark in MARKS:
        if packet.startswith(mark):
            vorbis.add(packet.removeprefix(mark), texts)
            return True
    if packet[:1] == b"\x84":  # the comment block of FLAC, with its head of four bytes
        vorbis.add(packet[4:], texts)
        return True
    return False
