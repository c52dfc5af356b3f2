"""Record: one node's result as the store keeps it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from safelight.core.digest import ABSENT
from safelight.core.outcome import Blocked


def mark_of(tensor: Any) -> object:
    """What a tensor looks like now: the count of its changes in place, and a sum over some of its numbers.

    The sum notices writing through an array that shares the tensor's memory, which no counter sees.
    """
    sample = _sampled.get(tensor.__class__)
    return tensor._version if sample is None else (tensor._version, sample(tensor))


_sampled: dict[type, Callable[[Any], object]] = {}


def sample_by(kind: type, sample: Callable[[Any], object]) -> None:
    """Have the numbers of a tensor class looked at by `sample`, which must be quick."""
    _sampled[kind] = sample


class Record:
    """Outputs by slot, what was shown, which files were read and written, and what it cost.

    `counts` has the number of items for each output slot that gives many; such a slot's output is None, its
    items have records of their own.
    """

    size = 0
    """Bytes that the memory store counts for it."""
    touched = 0
    """When the memory store was last asked for it, on a clock of its own."""
    marks: tuple[tuple[Any, object], ...] = ()
    """Tensors with their version when they were made, to notice changes in place."""
    shown: dict[str, Any] | None = None
    reads: tuple[tuple[str, str], ...] = ()
    """Files that the body read, with their digests; ABSENT for those that it looked for in vain."""
    files: tuple[tuple[str, str], ...] = ()
    """Files that the outputs point at, with their digests: a handle is worth nothing without its file."""
    trail: tuple[tuple[str, str], ...] = ()
    """Files that what it was made from depends on and that no key names: read by bodies on the way here."""
    writes: tuple[str, ...] = ()
    counts: dict[int, int] | None = None
    items: Mapping[int, tuple[str, ...]] = MappingProxyType({})
    """By slot, the keys of items that are known by what they are rather than by their places."""
    made = 0.0
    """Seconds since 1970, 0 where it was made by this process."""

    def __init__(self, outputs: tuple[Any, ...], type: str = "", seconds: float = 0.0) -> None:
        self.outputs = outputs
        self.type = type
        self.seconds = seconds

    @property
    def told(self) -> bool:
        """Whether there is more to report than that the outputs are there."""
        return self.shown is not None or bool(self.writes) or self.blocked is not None

    @property
    def blocked(self) -> str | None:
        """Why nothing downstream may use the outputs, if that is so."""
        first = self.outputs[0] if self.outputs else None
        return first.message if first.__class__ is Blocked else None

    def changed(self) -> bool:
        """Whether a body changed a tensor of the outputs in place since they were made."""
        return any(mark_of(tensor) != mark for tensor, mark in self.marks)

    def stale(self, digest_of: Callable[[Path], str]) -> str | None:
        """Say which file no longer is as it was when the result was made, or None."""
        for path in self.writes:
            if not os.path.exists(path):
                return f"the file {os.path.basename(path)} is gone"
        for path, digest in (*self.reads, *self.trail, *self.files):
            change = _change(path, digest, digest_of)
            if change is not None:
                return f"the file {os.path.basename(path)} {change}"
        return None


def _change(path: str, digest: str, digest_of: Callable[[Path], str]) -> str | None:
    """What became of a file since it had this digest, or None."""
    if digest == ABSENT:
        return "is there now" if os.path.exists(path) else None
    try:
        return None if digest_of(Path(path)) == digest else "changed"
    except OSError:
        return "is gone"


class LateRecord(Record):
    """A record whose tensors are read when its outputs are first asked for: most often nobody does.

    That is so for nodes that are run for their effect, found on disk.
    """

    def __init__(self, read: Callable[[], tuple[Any, ...]], type: str, seconds: float) -> None:
        self._read = read
        self._outputs: tuple[Any, ...] | None = None
        self.type = type
        self.seconds = seconds

    @property
    def outputs(self) -> tuple[Any, ...]:  # type: ignore[override]
        """The outputs by slot; whatever reading the file raises."""
        if self._outputs is None:
            self._outputs = self._read()
        return self._outputs

    @property
    def blocked(self) -> str | None:
        """Nothing: what is blocked holds no tensors, so it is never late."""
        return None
