"""MemoryStore: records in this process, bounded by bytes; what is large and quick to make leaves first."""

from __future__ import annotations

from threading import Lock
from typing import Any

from safelight.core.store.record import Record

OVERHEAD = 400
"""Bytes that an entry takes beside its values."""
UNKNOWN = 200
"""Bytes that are counted for an object that does not tell its size."""
_PLAIN = frozenset({int, float, bool, type(None)})


def weigh(value: Any) -> int:
    """About how many bytes a value keeps alive."""
    kind = value.__class__
    if kind in _PLAIN:
        return 32
    if kind is str or kind is bytes:
        return 50 + len(value)
    if kind is dict:
        return 64 + sum(weigh(item) + 64 for item in value.values())
    if kind is list or kind is tuple:
        return 64 + sum(map(weigh, value))
    size = getattr(value, "nbytes", None)
    return size if isinstance(size, int) else UNKNOWN


class MemoryStore:
    """Records by key. When `limit` bytes are passed, those with least cost per byte and age are dropped."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self._records: dict[bytes, Record] = {}
        self._clock = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, key: bytes) -> bool:
        return key in self._records

    def get(self, key: bytes) -> Record | None:
        """The record, or None."""
        record = self._records.get(key)
        if record is not None:
            self._clock = record.touched = self._clock + 1
        return record

    def put(self, key: bytes, record: Record) -> None:
        """Keep a record, if need be by dropping others; one larger than the limit is not kept."""
        size = OVERHEAD
        for value in record.outputs:
            size += 32 if value.__class__ in _PLAIN else weigh(value)
        record.size = size
        if size > self.limit:
            return
        with self._lock:
            records = self._records
            if key in records:
                self.used -= records[key].size
            self.used += size
            records[key] = record
            self._clock = record.touched = self._clock + 1
            if self.used > self.limit:
                self._make_room()

    def drop(self, key: bytes) -> None:
        """Forget a record."""
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._records.clear()
            self.used = 0

    def _drop(self, key: bytes) -> None:
        record = self._records.pop(key, None)
        if record is not None:
            self.used -= record.size

    def _make_room(self) -> None:
        """Drop down to 90 % of the limit, so that it is rare; worth falls with size and time unused."""
        now = self._clock

        def worth(key: bytes) -> float:
            record = self._records[key]
            return (record.seconds + 1e-4) / record.size / (1 + now - record.touched)

        for key in sorted(self._records, key=worth):
            if self.used <= self.limit * 0.9:
                break
            self._drop(key)
