"""DiskStore: records as files in a folder that several processes may share, bounded by bytes.

A file is named by its key in one of 256 folders. What each folder holds is remembered and read again when the
folder changes, so that asking for thousands of absent keys costs no system call each.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from safelight.core.store import format
from safelight.core.store.codec import Codec, Unstorable
from safelight.core.store.record import LateRecord, Record

log = logging.getLogger("safelight.store")
SUFFIX = ".safetensors"
SETTLED = 10**8
"""Nanoseconds after which a folder that changes again has another time of change on any file system."""
LOOK_EVERY = 0.05
"""The part of the limit that is written before the folder is measured again: others write there too."""


class Entry(NamedTuple):
    """What `safelight cache` shows of one file."""

    path: Path
    size: int
    used: float
    """When it was last read or written, seconds since 1970."""


class DiskStore:
    """Results on disk. A file that cannot be written is a warning, a damaged one a miss."""

    def __init__(self, root: Path, codec: Codec, limit: int = 10 * 2**30) -> None:
        self.root = root
        self.codec = codec
        self.limit = limit
        self._listed: dict[int, tuple[int, set[bytes]]] = {}
        """Each folder's keys, and its time of change when they were read."""
        self._fresh: dict[int, set[bytes]] = {}
        """Those that were compared with the folder in this run."""
        self._room = 0.0
        """Bytes that may be written before the folder is measured."""
        self._lock = Lock()
        self.trouble: str | None = None

    def __contains__(self, key: bytes) -> bool:
        names = self._fresh.get(key[0])
        return key in (names if names is not None else self._names(key[0]))

    def _path(self, key: bytes) -> Path:
        return self.root / f"{key[0]:02x}" / f"{key.hex()}{SUFFIX}"

    def refresh(self) -> None:
        """Look again for what other processes wrote; called once at the start of a run."""
        self._fresh.clear()

    def _names(self, shard: int) -> set[bytes]:
        """The keys in one folder; it is read anew if it changed since, which is looked up once a run."""
        names = self._fresh.get(shard)
        if names is not None:
            return names
        folder = self.root / f"{shard:02x}"
        changed, names = self._listed.get(shard, (0, set()))
        try:
            now = os.stat(folder).st_mtime_ns
            if now != changed:
                names = set(_keys(os.listdir(folder)))
                now = now if time.time_ns() - now > SETTLED else 0
        except OSError:
            now, names = 0, set()
        self._listed[shard] = (now, names)
        self._fresh[shard] = names
        return names

    def get(self, key: bytes, late: bool = False) -> Record | None:
        """The record, or None; a damaged file is deleted and logged.

        If it may be `late`, tensors are not read before they are asked for.
        """
        if key not in self:
            return None
        path = self._path(key)
        try:
            record = self._late(path) if late else self._record(*format.read(path, self.codec))
        except FileNotFoundError:
            self._names(key[0]).discard(key)
            return None
        except (OSError, MemoryError, ImportError, Unstorable) as error:
            log.warning("the stored result %s cannot be read: %s", path.name, error)
            return None
        except Exception as error:  # whatever the classes of plugins make of a damaged tree
            log.warning("the stored result %s is damaged, so it is deleted: %s", path.name, error)
            self.drop(key)
            return None
        _touch(path)
        return record

    def put(self, key: bytes, record: Record) -> str | None:
        """Write a record; returns why it could not be, or None."""
        path = self._path(key)
        try:
            tree, tensors = self._tree(record)
            path.parent.mkdir(parents=True, exist_ok=True)
            size = format.write(path, tree, tensors, self.codec, valid=lambda: not record.changed())
        except Unstorable as error:
            return str(error)
        except OSError as error:
            if self.trouble is None:
                log.warning("results cannot be kept in %s: %s", self.root, error)
            self.trouble = str(error)
            return self.trouble
        self._names(key[0]).add(key)
        self._grow(size)
        return None

    def drop(self, key: bytes) -> None:
        """Delete a record's file, if there is one."""
        _unlink(self._path(key))
        self._names(key[0]).discard(key)

    def entries(self) -> Iterator[Entry]:
        """All files with size and time of last use."""
        for shard in self._folders():
            for item in os.scandir(shard):
                if item.name.endswith(SUFFIX) and not item.name.startswith("."):
                    with suppress(FileNotFoundError):  # another process deleted it just now
                        status = item.stat()
                        yield Entry(Path(item.path), status.st_size, status.st_mtime)

    def _folders(self) -> list[Path]:
        return [path for path in sorted(self.root.glob("[0-9a-f][0-9a-f]")) if path.is_dir()]

    def verify(self, entry: Entry) -> Record | None:
        """Read a file whole; None if it is damaged (it is left where it is)."""
        try:
            return self._record(*format.read(entry.path, self.codec))
        except Exception:  # as in `get`
            return None

    def head(self, entry: Entry) -> dict[str, Any] | None:
        """What a file says of itself (`type`, `seconds`, ...), without its tensors; None if it is damaged."""
        try:
            tree, _ = format.tree(entry.path)
        except (format.Damaged, OSError):
            return None
        return tree if isinstance(tree, dict) else None

    def clear(self) -> int:
        """Delete everything; returns how many files there were."""
        count = 0
        for entry in list(self.entries()):
            count += _unlink(entry.path)
        self._listed.clear()
        self._fresh.clear()
        self._room = 0.0
        return count

    def _grow(self, size: int) -> None:
        with self._lock:
            self._room -= size
            if self._room < 0:
                self._room = min(self.limit - self._make_room(), self.limit * LOOK_EVERY)

    def _make_room(self) -> int:
        """Above the limit, delete what was not used for longest, down to 90 %; returns what is left."""
        for shard in self._folders():
            format.sweep(shard)
        entries = sorted(self.entries(), key=lambda entry: entry.used)
        left = sum(entry.size for entry in entries)
        if left <= self.limit:
            return left
        for entry in entries:
            if left <= self.limit * 0.9:
                break
            _unlink(entry.path)
            left -= entry.size
        self._listed.clear()
        self._fresh.clear()
        return left

    def _tree(self, record: Record) -> tuple[dict[str, Any], dict[str, Any]]:
        outputs, tensors = self.codec.encode(list(record.outputs))
        shown, seen = self.codec.encode(record.shown)
        if seen:
            raise Unstorable("what it shows holds a tensor")
        return {
            "type": record.type,
            "seconds": record.seconds,
            "made": record.made or time.time(),
            "outputs": outputs,
            "shown": shown,
            "reads": record.reads,
            "trail": record.trail,
            "writes": record.writes,
            "counts": None if record.counts is None else list(record.counts.items()),
            "items": list(record.items.items()),
        }, tensors

    def _late(self, path: Path) -> Record:
        """The record of a file of which only the header is read, if it holds tensors."""
        tree, count = format.tree(path)
        if not count:
            return self._record(tree, {})

        def read() -> tuple[Any, ...]:
            tree, tensors = format.read(path, self.codec)
            return tuple(self.codec.decode(tree["outputs"], tensors))

        return self._filled(LateRecord(read, tree["type"], tree["seconds"]), tree)

    def _record(self, tree: dict[str, Any], tensors: dict[str, Any]) -> Record:
        outputs = tuple(self.codec.decode(tree["outputs"], tensors))
        return self._filled(Record(outputs, tree["type"], tree["seconds"]), tree)

    def _filled(self, record: Record, tree: dict[str, Any]) -> Record:
        record.made = tree["made"]
        record.shown = self.codec.decode(tree["shown"], {})
        record.reads = tuple((path, digest) for path, digest in tree["reads"])
        record.trail = tuple((path, digest) for path, digest in tree["trail"])
        record.writes = tuple(tree["writes"])
        record.counts = None if tree["counts"] is None else dict(tree["counts"])
        record.items = {slot: tuple(keys) for slot, keys in tree["items"]}
        return record


def _keys(names: list[str]) -> Iterator[bytes]:
    """The keys that file names stand for; anything else in the folder is not ours."""
    for name in names:
        if name.endswith(SUFFIX):
            try:
                yield bytes.fromhex(name.removesuffix(SUFFIX))
            except ValueError:
                continue


def _touch(path: Path) -> None:
    with suppress(OSError):  # a read-only folder is as good a cache
        os.utime(path)


def _unlink(path: Path) -> bool:
    """Delete a file if that can be; tells whether it was."""
    with suppress(OSError):
        path.unlink()
        return True
    return False
