"""Digests: a file is known by the SHA-256 of its content, remembered by path, size, times and inode."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from safelight.core.draft import write_whole

log = logging.getLogger("safelight.digest")


CHUNK = 2**20
ABSENT = ""
"""Stands for the digest of a file that is not there."""


class FileRef(NamedTuple):
    """A file as a node body read it; its digest is ABSENT where a body looked for it in vain."""

    path: Path
    digest: str


class Digests:
    """Digests of files and of folder trees; with `memo`, they are remembered between processes."""

    def __init__(self, memo: Path | None = None) -> None:
        self._memo = memo
        self._lock = Lock()
        self._known: dict[str, tuple[list[int], str]] = {}
        self._changed = False
        self.check: Callable[[], None] = lambda: None
        """Called after each megabyte, so that hashing a large file can be cancelled by raising."""
        if memo is not None and memo.exists():
            self._read(memo)

    def of(self, path: Path) -> str:
        """The hex SHA-256 of a file, or of a folder's names and digests in order; OSError if it is gone."""
        if not path.is_dir():
            return self._file(os.fspath(path))
        tree = hashlib.sha256()
        for file in sorted(entry for entry in path.rglob("*") if entry.is_file()):
            name = file.relative_to(path).as_posix()
            tree.update(os.fsencode(name) + f"\0{self._file(os.fspath(file))}\n".encode())
        return tree.hexdigest()

    def _file(self, path: str) -> str:
        status = os.stat(path)
        mark = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        known = self._known.get(path)
        if known is not None and known[0] == mark:
            return known[1]
        digest = self._hash(path)
        with self._lock:
            self._known[path] = (mark, digest)
            self._changed = True
        return digest

    def _hash(self, path: str) -> str:
        sha, buffer = hashlib.sha256(), memoryview(bytearray(CHUNK))
        with open(path, "rb", buffering=0) as file:
            while size := file.readinto(buffer):
                sha.update(buffer[:size])
                self.check()
        return sha.hexdigest()

    def save(self) -> None:
        """Write the memo, if anything was added. A folder that cannot be written is a warning."""
        if self._memo is None or not self._changed:
            return
        with self._lock:
            text = json.dumps({path: [*mark, digest] for path, (mark, digest) in self._known.items()})
            self._changed = False
        try:
            write_whole(self._memo, text)
        except OSError as error:
            log.warning("the digests of files cannot be kept in %s: %s", self._memo, error)

    def _read(self, memo: Path) -> None:
        """Read the memo; a damaged one is as good as none, since everything can be hashed anew."""
        try:
            entries = json.loads(memo.read_text())
            self._known = {path: (list(mark), str(digest)) for path, (*mark, digest) in entries.items()}
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            self._known = {}
