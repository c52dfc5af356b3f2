"""Journal: what one attempt at a job did that the next must know, in a folder of the job's own.

A process can be killed at any moment, and the job is then run again. So that it does nothing twice, names of
new files are written down before the files are made, and given again to the same work; and results of nodes
that run each time are kept until the job ends, so that a resumed job does not change under way.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from glob import escape
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

from safelight.core.folder import Folders, create
from safelight.core.key import Key, fresh_key
from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.record import Record

log = logging.getLogger("safelight.journal")
NAME = "journal.jsonl"
UNBOUNDED = 2**62


class Journal:
    """One attempt's journal. What earlier attempts wrote is read when it is made.

    `fresh` says that the job looks nothing up, so that keys may be the same in each attempt.
    """

    def __init__(self, folder: Path, codec: Codec, *, fresh: bool = False) -> None:
        self.fresh = fresh
        self._path = folder / NAME
        self._lock = Lock()
        self._kept = DiskStore(folder / "results", codec, UNBOUNDED)
        self._nonces: dict[str, bytes] = {}
        self._noted: set[str] = set()
        """Places whose nonce is written down."""
        self._keys: set[Key] = set()
        self._names: dict[tuple[str, ...], list[Path]] = {}
        """Names that earlier attempts reserved, by the work that they were for."""
        self._read()

    def _read(self) -> None:
        for line in lines(self._path):
            match line:
                case {"place": str(place), "nonce": str(nonce)}:
                    self._nonces[place] = bytes.fromhex(nonce)
                    self._noted.add(place)
                case {"lost": str(place)}:
                    self._nonces.pop(place, None)
                    self._noted.discard(place)
                case {"kept": str(key)}:
                    self._keys.add(bytes.fromhex(key))
        for path, work in reserved(self._path).items():
            self._names.setdefault(work, []).append(path)

    # -- names

    def reserve(
        self, key: Key, folders: Folders, prefix: str, extension: str, kind: str = "output", **tokens: object
    ) -> Path:
        """As `Folders.reserve`; the work called `key` gets the names again that earlier attempts gave it."""
        work = (key.hex(), prefix, extension, kind)
        with self._lock:
            earlier = self._names.get(work, [])
            while earlier:
                path = earlier.pop(0)
                if self._again(path) or self._make(work, path):
                    _remove_drafts(path)
                    return path
            return next(
                path
                for path in folders.candidates(prefix, extension, kind, **tokens)
                if self._make(work, path)
            )

    def _again(self, path: Path) -> bool:
        """Whether a file is there. It is written down anew: once filled, nothing else tells whose it is."""
        there = path.exists()
        if there:
            self._write({"made": str(path)})
        return there

    def _make(self, work: tuple[str, ...], path: Path) -> bool:
        """Create a file whose name was written down before."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._write({"name": str(path), "for": work}, durable=True)
        made = create(path)
        self._write({"made" if made else "taken": str(path)})
        return made

    def secure(self, paths: Iterable[str]) -> None:
        """Have what was written to files reach the disk."""
        for path in paths:
            with suppress(OSError):
                _sync(Path(path))

    # -- results

    def nonce(self, place: str) -> bytes:
        """What stands in the key of a node that runs each time: the same again if its result was kept."""
        with self._lock:
            nonce = self._nonces.get(place)
            if nonce is None:
                nonce = self._nonces[place] = fresh_key()
                if self.fresh:
                    self._note_nonce(place)
            return nonce

    def __contains__(self, key: Key) -> bool:
        return key in self._keys

    def find(self, key: Key, digest_of: Callable[[Path], str]) -> Record | None:
        """The result that an earlier attempt kept, unless files that it speaks of changed."""
        record = self._kept.get(key)
        return record if record is not None and record.stale(digest_of) is None else None

    def keep(self, place: str, key: Key, record: Record) -> None:
        """Keep the result of a node that runs each time. What cannot be kept is like nothing else ever."""
        reason = self._kept.put(key, record)
        with self._lock:
            if reason is not None:
                log.warning("the result of node '%s' cannot be kept for the job: %s", place, reason)
                self._write({"lost": place})
                return
            if place not in self._noted:
                self._note_nonce(place)
            self._keys.add(key)
            self._write({"kept": key.hex()}, durable=True)

    def _note_nonce(self, place: str) -> None:
        self._noted.add(place)
        self._write({"place": place, "nonce": self._nonces[place].hex()})

    # -- the file

    def _write(self, line: dict[str, Any], *, durable: bool = False) -> None:
        """Append a line; OSError if the disk is full, before anything is done that depends on it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            # A line that a killed process left half written ends where this one begins.
            os.write(handle, b"\n" + json.dumps(line, separators=(",", ":")).encode() + b"\n")
            if durable:
                os.fsync(handle)
        finally:
            os.close(handle)


def folder_of(data: Path, job: str) -> Path:
    """The folder of a job: clients may choose ids, so they are not used as names."""
    return data / "cache" / "jobs" / blake2b(job.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def forget(folder: Path) -> None:
    """The job is over: remove what interrupted attempts left unfinished, and the journal itself."""
    for path in reserved(folder / NAME):
        if _is_empty(path):
            with suppress(OSError):
                path.unlink()
        _remove_drafts(path)
    shutil.rmtree(folder, ignore_errors=True)


def reserved(path: Path) -> dict[Path, tuple[str, ...]]:
    """The names that a journal's attempts reserved, and the work that each was for.

    A name that was announced, and of which it is not said that it was made or taken by others, is this job's
    if the file is there and empty: the process was killed between the two.
    """
    work: dict[str, tuple[str, ...]] = {}
    made = set()
    for line in lines(path):
        match line:
            case {"name": str(name), "for": list(given)}:
                work[name] = tuple(map(str, given))
            case {"made": str(name)}:
                made.add(name)
            case {"taken": str(name)}:
                made.discard(name)
                work.pop(name, None)
    return {Path(name): work[name] for name in work if name in made or _is_empty(Path(name))}


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal that were written whole."""
    try:
        data = path.read_bytes()
    except OSError:
        return
    for text in data.split(b"\n"):
        if text:
            with suppress(ValueError):
                line = json.loads(text)
                if isinstance(line, dict):
                    yield line


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size == 0
    except OSError:
        return False


def _remove_drafts(path: Path) -> None:
    for draft in path.parent.glob(f".{escape(path.name)}.*.part"):
        with suppress(OSError):
            draft.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
