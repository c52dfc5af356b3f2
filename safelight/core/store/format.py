"""Format: a tree and its tensors in one safetensors file, written whole or not at all.

The header is read and written by hand, so that results without tensors need no torch.
"""

from __future__ import annotations

import json
import os
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from safelight.core.store.codec import Codec, Unstorable

VERSION = 1
NAME = "safelight"
HEADER_MAX = 64 * 2**20
DRAFT_AGE = 3600.0
"""Seconds after which a draft is taken for one that a killed process left behind."""


class Damaged(Exception):
    """A file is not what was written."""


def write(
    path: Path,
    content: Any,
    tensors: Mapping[str, Any],
    codec: Codec,
    *,
    durable: bool = True,
    valid: Callable[[], bool] = lambda: True,
) -> int:
    """Write atomically (temporary file, fsync, rename) and return the size in bytes.

    `valid` is asked when everything is written, before the file gets its name. Raises OSError if the file
    cannot be written, Unstorable if the content is too large to be read again, or is not `valid` any more.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    metadata = {NAME: json.dumps({"version": VERSION, "tree": content}, separators=(",", ":"))}
    if len(metadata[NAME]) > HEADER_MAX // 2:  # what is quoted in it takes twice the room in the header
        raise Unstorable(f"it has {len(metadata[NAME]) >> 20} MiB beside its tensors")
    try:
        _write(draft, metadata, tensors, codec)
        if durable:
            _sync(draft)
        if not valid():
            raise Unstorable("it was changed while it was written")
        size = draft.stat().st_size
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return size


def _write(draft: Path, metadata: Mapping[str, str], tensors: Mapping[str, Any], codec: Codec) -> None:
    if not tensors:
        draft.write_bytes(_header_only(metadata))
        return
    tensor_format = codec.format()
    try:
        tensor_format.save(tensors, metadata, draft)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # a full disk is an error of the tensor library's own
        raise OSError(str(error)) from error


def sweep(folder: Path) -> None:
    """Delete drafts that killed processes left behind."""
    with suppress(OSError):
        for draft in folder.glob(".*.part"):
            if time.time() - draft.stat().st_mtime > DRAFT_AGE:
                draft.unlink()


def read(path: Path, codec: Codec) -> tuple[Any, dict[str, Any]]:
    """The tree and the tensors of a file.

    Raises OSError if it cannot be read, Damaged if it is not what was written, Unstorable if nothing can
    read its tensors here.
    """
    found, tensors = tree(path)
    if not tensors:
        return found, {}
    tensor_format = codec.format()
    try:
        return found, tensor_format.load(path)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # whatever the tensor library raises for a bad file
        raise Damaged(str(error)) from error


def tree(path: Path) -> tuple[Any, int]:
    """The tree of a file without its tensors, and how many there are. Raises as `read` does."""
    header, whole = _header(path)
    try:
        stored = json.loads(header.pop("__metadata__")[NAME])
        version, found = stored["version"], stored["tree"]
        end = max((entry["data_offsets"][1] for entry in header.values()), default=0)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Damaged(f"its header is incomplete ({error})") from error
    if version != VERSION:
        raise Damaged(f"its format version is {version}")
    if end != whole:
        raise Damaged(f"it should hold {end} bytes of tensors and holds {whole}")
    return found, len(header)


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
    except (ValueError, RecursionError) as error:
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
