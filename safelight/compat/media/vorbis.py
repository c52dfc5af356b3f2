"""Comments as Vorbis, Opus and FLAC have them: `KEY=text`.

https://xiph.org/vorbis/doc/v-comment.html
"""

from __future__ import annotations

from safelight.compat.media.text import Texts


def add(data: bytes, texts: Texts) -> None:
    """Add the texts of one block of comments; keys are alike in upper and lower case."""
    place = 4 + int.from_bytes(data[:4], "little")
    count = int.from_bytes(data[place : place + 4], "little")
    place += 4
    for _ in range(count):
        texts.step()
        length = int.from_bytes(data[place : place + 4], "little")
        entry = data[place + 4 : place + 4 + length]
        if len(entry) < length or place >= len(data):
            return
        key, equals, text = entry.partition(b"=")
        if equals:
            texts.add(key.decode("utf-8", "replace").lower(), text)
        place += 4 + length
