"""What a safetensors file says it holds: names, types, shapes and places, without reading a tensor.

The format: eight bytes of little-endian length, that many bytes of JSON, then the tensors' bytes. Imports
no torch.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from safelight.diffusion.failure import ModelFileError, megabytes

LIMIT = 100_000_000
"""The longest header that the format allows, in bytes."""

BITS = {
    "BOOL": 8,
    "U8": 8,
    "I8": 8,
    "F8_E4M3": 8,
    "F8_E5M2": 8,
    "I16": 16,
    "U16": 16,
    "F16": 16,
    "BF16": 16,
} | {name: bits for bits in (32, 64) for name in (f"I{bits}", f"U{bits}", f"F{bits}")}


@dataclass(frozen=True, slots=True)
class Stored:
    """One tensor as a header describes it."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


class Header(Mapping[str, Stored]):
    """The tensors of one safetensors file by name."""

    def __init__(self, path: Path, tensors: Mapping[str, Stored], metadata: Mapping[str, str]) -> None:
        self.path = path
        self.metadata = dict(metadata)
        self._tensors = dict(tensors)

    def __getitem__(self, name: str) -> Stored:
        return self._tensors[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)

    def sides(self, name: str, count: int) -> tuple[int, ...]:
        """The shape of a tensor with so many sides; `ModelFileError` if there is none such."""
        if name not in self:
            raise ModelFileError(f"{self.path.name} lacks {name}", "Download the file again.")
        shape = self[name].shape
        if len(shape) != count or 0 in shape:
            problem = f"In {self.path.name} {name} is {list(shape)}, which is no tensor of {count} sides"
            raise ModelFileError(problem, "Choose another file.")
        return shape


def read(path: Path, allow_pickle: bool = False) -> Header:
    """The header of a safetensors file, checked against the file's length.

    Raises `ModelFileError` when the file is missing, unreadable, truncated, or something else. So is a
    pickle, unless it is allowed; then its names and shapes are read by torch.
    """
    if allow_pickle and is_pickle(path):
        from safelight.diffusion import pickled

        return pickled.header(path)
    try:
        with path.open("rb") as file:
            start = file.read(8)
            refuse_pickle(path, start)
            length = _length(path, start)
            text = file.read(length)
    except FileNotFoundError:
        raise ModelFileError(f"There is no model file at {path}", "Choose another file.") from None
    except OSError as error:
        raise ModelFileError(
            f"{path} cannot be read ({error.strerror})", "Check the file's permissions."
        ) from error
    if len(text) < length:
        raise _truncated(path, 8 + length)
    tree = _tree(path, text)
    _check_length(path, 8 + length, tree)
    metadata = tree.pop("__metadata__", {})
    return Header(
        path, {name: Stored(row["dtype"], tuple(row["shape"])) for name, row in tree.items()}, metadata
    )


def is_pickle(path: Path) -> bool:
    """Whether a file is there and begins as torch's pickles do: as a zip, or as pickle protocol 2 to 5."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _starts_pickle(file.read(8))


def _starts_pickle(start: bytes) -> bool:
    """A safetensors file may begin with a pickle's two bytes, but then six follow that make a length."""
    marked = start[:1] == b"\x80" and b"\x02" <= start[1:2] <= b"\x05"
    is_length = len(start) == 8 and int.from_bytes(start, "little") <= LIMIT
    return start[:4] == b"PK\x03\x04" or (marked and not is_length)


def refuse_pickle(path: Path, start: bytes) -> None:
    """Raise when a file that begins with these bytes is a pickle."""
    if _starts_pickle(start):
        raise ModelFileError(
            f"{path.name} is a pickle, which can run any program when it is opened",
            "Get the .safetensors version of this model, or convert it.",
        )


def _length(path: Path, start: bytes) -> int:
    if len(start) < 8:
        raise ModelFileError(f"{path.name} is empty or cut short ({len(start)} bytes)", "Download it again.")
    length: int = struct.unpack("<Q", start)[0]
    if length > LIMIT:
        raise _foreign(path)
    return length


def _tree(path: Path, text: bytes) -> dict[str, Any]:
    try:
        tree = json.loads(text)
        named = all(
            name == "__metadata__" or {"dtype", "shape", "data_offsets"} <= row.keys()
            for name, row in tree.items()
        )
    except (ValueError, AttributeError):
        raise _foreign(path) from None
    if not named:
        raise _foreign(path)
    return tree


def _check_length(path: Path, start: int, tree: Mapping[str, Any]) -> None:
    ends = [row["data_offsets"][1] for name, row in tree.items() if name != "__metadata__"]
    needed = start + max(ends, default=0)
    if path.stat().st_size < needed:
        raise _truncated(path, needed)


def _foreign(path: Path) -> ModelFileError:
    return ModelFileError(
        f"{path.name} is not a safetensors file", "Choose a model file, or download it again."
    )


def _truncated(path: Path, needed: int) -> ModelFileError:
    size = path.stat().st_size
    return ModelFileError(
        f"{path.name} is cut short: {megabytes(size)} of {megabytes(needed)} are there", "Download it again."
    )
