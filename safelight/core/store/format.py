"""Format: a tree and its tensors in one safetensors file, written whole or not at all.

The header is read and written by hand, so that results without tensors need no torch.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safelight.core.store.codec import Codec

VERSION = 1
NAME = "safelight"
HEADER_MAX = 64 * 2**20


class Damaged(Exception):
    """A file is not what was written."""


def write(path: Path, content: Any, tensors: Mapping[str, Any], codec: Codec, *, durable: bool = True) -> int:
    """Write atomically (temporary file, fsync, rename) and return the size in bytes. OSError if it cannot be."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    metadata = {NAME: json.dumps({"version": VERSION, "tree": content}, separators=(",", ":"))}
    try:
        if tensors:
            codec.format().save(tensors, metadata, draft)
        else:
            draft.write_bytes(_header_only(metadata))
        if durable:
            _sync(draft)
        size = draft.stat().st_size
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return size


def read(path: Path, codec: Codec) -> tuple[Any, dict[str, Any]]:
    """The tree and the tensors of a file. Raises FileNotFoundError if it is gone, Damaged if it is not whole."""
    found, tensors = tree(path)
    if not tensors:
        return found, {}
    try:
        return found, codec.format().load(path)
    except FileNotFoundError:
        raise
    except Exception as error:  # whatever the tensor library raises for a bad file
        raise Damaged(str(error)) from error


def tree(path: Path) -> tuple[Any, int]:
    """The tree of a file without its tensors, and how many there are. Raises as `read` does."""
    header, whole = _header(path)
    try:
        stored = json.loads(header.pop("__metadata__")[NAME])
        if stored["version"] != VERSION:
            raise Damaged(f"its format version is {stored['version']}")
        end = max((entry["data_offsets"][1] for entry in header.values()), default=0)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Damaged(f"its header is incomplete ({error})") from error
    if end != whole:
        raise Damaged(f"it should hold {end} bytes of tensors and holds {whole}")
    return stored["tree"], len(header)


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """The parsed header, and how many bytes follow it."""
    with open(path, "rb") as file:
        start = file.read(8)
        size = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 0 < size <= HEADER_MAX:
            raise Damaged("its header is missing")
        text = file.read(size)
        rest = os.fstat(file.fileno()).st_size - 8 - size
    try:
        header = json.loads(text)
    except ValueError as error:
        raise Damaged("its header cannot be read") from error
    if not isinstance(header, dict):
        raise Damaged("its header is not an object")
    return header, rest


def _header_only(metadata: Mapping[str, str]) -> bytes:
    text = json.dumps({"__metadata__": dict(metadata)}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
