"""Store: the memory tier over the disk tier. What is found on disk moves up; what is made is written behind.

Writing happens on a thread of its own, so that nodes do not wait for the disk; a body that changes a tensor
meanwhile is noticed by the tensor's version.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Condition, Thread
from typing import Any, Literal, NamedTuple, TypeAlias

from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.memory import MemoryStore, weigh
from safelight.core.store.record import Record, mark_of

Place: TypeAlias = Literal["memory", "disk"]

PLAIN = frozenset({int, float, bool, str, type(None)})
QUICK = 1e-3
"""Seconds below which plain numbers and texts are made again rather than read from disk."""
READING = 200e6
"""Bytes a second at which items of a stream are read back; what is made faster than that is not written."""
BACKLOG = 256 * 2**20
"""Bytes that may wait to be written before nodes wait for the disk."""


class Found(NamedTuple):
    """A record, and where it was."""

    record: Record
    place: Place


class Store:
    """Where results are kept. `disk` may be None; `memory` with a limit of 0 keeps nothing."""

    def __init__(
        self,
        memory: MemoryStore,
        disk: DiskStore | None = None,
        *,
        digest_of: Callable[[Path], str],
        codec: Codec | None = None,
    ) -> None:
        self.memory = memory
        self.disk = disk
        self.codec = codec or (disk.codec if disk else Codec())
        self.digest_of = digest_of
        self.unstored: dict[bytes, str] = {}
        """Why a record that was wanted on disk is not there."""
        self._waiting: deque[tuple[bytes, Record, int, Callable[[], None] | None]] = deque()
        self._pending: dict[bytes, Record] = {}
        self._bytes = 0
        self._turn = Condition()
        self._writer: Thread | None = None

    def refresh(self) -> None:
        """Look again at what other processes wrote."""
        if self.disk is not None:
            self.disk.refresh()

    def has(self, key: bytes) -> Place | None:
        """Where a key's record is, without reading it."""
        if key in self.memory or key in self._pending:
            return "memory"
        return "disk" if self.disk is not None and key in self.disk else None

    def find(self, key: bytes, late: bool = False) -> Found | str | None:
        """The record and its place; a text that says why the stored one no longer holds; None without one.

        `late` leaves tensors on disk until somebody asks for them.
        """
        record = self.memory.get(key)
        if record is None and self._pending:
            record = self._pending.get(key)
        if record is not None and record.marks and record.changed():
            self.memory.drop(key)  # what was written is still as it was
            record = None
        place: Place = "memory"
        if record is None:
            if self.disk is None or key not in self.disk:
                return None
            record = self.disk.get(key, late)
            if record is None:
                return None
            place = "disk"
            if record.__class__ is Record:
                _inspect(record)
                self.memory.put(key, record)
        if record.writes or record.reads or record.trail or record.files:
            stale = record.stale(self.digest_of)
            if stale is not None:
                self.drop(key)
                return stale
        return Found(record, place)

    def put(
        self, key: bytes, record: Record, *, passing: bool = False, then: Callable[[], None] | None = None
    ) -> None:
        """Keep a record. One that is `passing` (an item of a stream) leaves memory once it is on disk.

        `then` is called when the record is as safe as it will be.
        """
        simple = True
        for value in record.outputs:
            if value.__class__ not in PLAIN:
                simple = False
                record.outputs = tuple(map(self._compact, record.outputs))
                _inspect(record)
                break
        kept = self.disk is not None and self._worth_writing(record, simple, passing)
        if not (kept and passing):
            self.memory.put(key, record)
        if kept:
            self._write_behind(key, record, then)
        elif then is not None:
            then()

    def drop(self, key: bytes) -> None:
        """Forget a record everywhere."""
        self.memory.drop(key)
        self._pending.pop(key, None)
        if self.disk is not None and key in self.disk:
            self.disk.drop(key)

    def flush(self) -> None:
        """Wait until everything is written."""
        with self._turn:
            self._turn.wait_for(lambda: not self._pending)

    def close(self) -> None:
        """Write what is left and end the writer's thread."""
        self.flush()
        with self._turn:
            writer, self._writer = self._writer, None
            self._turn.notify_all()
        if writer is not None:
            writer.join()

    def _worth_writing(self, record: Record, simple: bool, passing: bool) -> bool:
        if passing:
            return record.seconds > weigh(record.outputs) / READING
        return not simple or record.seconds >= QUICK or record.shown is not None or bool(record.writes)

    def _compact(self, value: Any) -> Any:
        """The value with slices of larger tensors copied, in containers of its own."""
        kind = value.__class__
        if kind in PLAIN:
            return value
        if kind is list:
            return [self._compact(item) for item in value]
        if kind is tuple:
            return tuple(map(self._compact, value))
        if kind is dict:
            return {name: self._compact(item) for name, item in value.items()}
        tensors = self.codec.available()
        return tensors.compact(value) if tensors is not None and tensors.is_tensor(value) else value

    def _write_behind(self, key: bytes, record: Record, then: Callable[[], None] | None) -> None:
        size = weigh(record.outputs)
        with self._turn:
            if self._writer is None:
                self._writer = Thread(target=self._write_all, name="safelight-store", daemon=True)
                self._writer.start()
            self._turn.wait_for(lambda: self._bytes < BACKLOG)
            self._waiting.append((key, record, size, then))
            self._pending[key] = record
            self._bytes += size
            self._turn.notify_all()

    def _write_all(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._waiting or self._writer is None)
                if not self._waiting:
                    return
                key, record, size, then = self._waiting.popleft()
            self._write(key, record, then)
            with self._turn:
                if self._pending.get(key) is record:
                    del self._pending[key]
                self._bytes -= size
                self._turn.notify_all()

    def _write(self, key: bytes, record: Record, then: Callable[[], None] | None) -> None:
        assert self.disk is not None
        try:
            reason = self.disk.put(key, record) if key in self._pending else None
        except Exception as error:  # the thread must outlive a value that breaks its own codec
            reason = f"{type(error).__name__}: {error}"
        if then is not None:
            with suppress(Exception):  # and whatever follows
                then()
        if reason is not None:
            self.unstored[key] = reason
            if key not in self.memory:
                self.memory.put(key, record)


def tensors_in(value: Any) -> Iterator[Any]:
    """The tensors of a value: whatever counts its in-place changes."""
    return filter(_counts_changes, leaves(value))


def leaves(value: Any) -> Iterator[Any]:
    """What a value holds besides containers, numbers and texts."""
    kind = value.__class__
    if kind in PLAIN:
        return
    if kind is list or kind is tuple:
        for item in value:
            yield from leaves(item)
    elif kind is dict:
        for item in value.values():
            yield from leaves(item)
    else:
        yield value


def _inspect(record: Record) -> None:
    """Note the tensors of a record with what they look like, and the files that its handles point at."""
    found = list(leaves(record.outputs))
    record.marks = tuple((leaf, mark_of(leaf)) for leaf in filter(_counts_changes, found))
    record.files = tuple(file for leaf in found for file in getattr(leaf, "files", ()))


def _counts_changes(value: Any) -> bool:
    try:
        return hasattr(value, "_version")
    except RuntimeError:  # a tensor made in torch's inference mode
        return False
