"""The texts in a binary glTF model: `asset.extras`. glTF 2.0, section 4.4 (GLB)."""

from __future__ import annotations

import json
import struct
from typing import BinaryIO

from safelight.compat.media.text import Texts


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the texts of a model."""
    stream.seek(12)
    length, kind = struct.unpack("<I4s", stream.read(8).ljust(8, b"\0"))
    if kind != b"JSON":
        return
    tree = json.loads(texts.take(stream, length))
    extras = tree["asset"].get("extras") if isinstance(tree, dict) else None
    for key, value in extras.items() if isinstance(extras, dict) else ():
        texts.add(key, value if isinstance(value, str) else json.dumps(value))
