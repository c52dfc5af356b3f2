"""Frames: the binary messages of the socket, each a big-endian u32 that says what it is, and what follows."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from server.answer import dump

PREVIEW = 1
TEXT = 3
PREVIEW_WITH_METADATA = 4
FORMATS = {"jpeg": 1, "png": 2}


def preview(image: bytes, format: str) -> bytes:
    """A picture of work in progress."""
    return struct.pack(">II", PREVIEW, FORMATS.get(format, FORMATS["jpeg"])) + image


def text(node: str, words: str) -> bytes:
    """A line that a node shows while it is at work."""
    id = node.encode("utf-8", "replace")
    return struct.pack(">II", TEXT, len(id)) + id + words.encode("utf-8", "replace")


def preview_with_metadata(image: bytes, format: str, metadata: Mapping[str, Any]) -> bytes:
    """The same, and which node of which job it comes from."""
    text = dump({**metadata, "image_type": f"image/{format}"}).encode()
    return struct.pack(">II", PREVIEW_WITH_METADATA, len(text)) + text + image
