"""Waypoints: states of finished runs in files, from which runs that begin alike go on.

A state lies under the *root* that names all that no step of its run changes, with plain values about it;
whether it is on another run's way only that run can tell. Several processes may share the folder. A damaged
file is a miss; it is deleted and logged.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from safelight.core.store import format
from safelight.core.store.codec import Codec, Unstorable

log = logging.getLogger("safelight.waypoint")
T = TypeVar("T")

COUNT = 256
"""States that are kept; those that were not used for longest are deleted."""
BYTES = 512 * 2**20
"""The bytes that they may take together; none is kept that takes an eighth of it."""
OFTEN = 16
"""How many states are written between two looks at these bounds."""
SUFFIX = ".safetensors"


class Waypoints:
    """The states in one folder that were made by the same code and libraries, which `epoch` names."""

    def __init__(self, folder: Path, codec: Codec, epoch: str = "") -> None:
        self.folder = folder
        self._codec, self._epoch = codec, epoch
        self._written = 0

    def nearest(
        self, root: str, fits: Callable[[Mapping[str, Any]], bool], read: Callable[[Mapping[str, Any]], T]
    ) -> T | None:
        """The furthest state under a root that `fits` by what is said about it, as `read` reads it.

        `read` raises ValueError for a tree that is not one of its own.
        """
        for path in self._under(root):
            try:
                stored, _ = format.tree(path)
                if not fits(stored["about"]):
                    continue
                stored, tensors = format.read(path, self._codec)
                found = read(self._codec.decode(stored["tree"], tensors))
                _touch(path)
                return found
            except FileNotFoundError:
                continue
            except (OSError, MemoryError) as error:
                log.warning("the kept state %s cannot be read: %s", path.name, error)
            except Exception as error:  # whatever is wrong with a file, it is not worth more than a miss
                log.warning("the kept state %s cannot be read (%s) and is deleted", path.name, error)
                _delete(path)
        return None

    def keep(self, root: str, about: Mapping[str, Any], tree: Callable[[], Mapping[str, Any]]) -> None:
        """Keep a state; `about` holds its `step`. What cannot be written is a warning."""
        content = repr(sorted(about.items())).encode()
        path = self.folder / f"{self._name(root)}-{about['step']:06d}-{_hash(content)}{SUFFIX}"
        try:
            if path.exists():
                _touch(path)
                return
            packed, tensors = self._codec.encode(dict(tree()))
            if sum(tensor.nbytes for tensor in tensors.values()) > BYTES // 8:
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            stored = {"about": dict(about), "tree": packed}
            format.write(path, stored, tensors, self._codec, durable=False)
        except (OSError, Unstorable) as error:
            log.warning("the state of step %d cannot be kept: %s", about["step"], error)
        self._written += 1
        if self._written % OFTEN == 0:
            tidy(self.folder)

    def _name(self, root: str) -> str:
        return _hash(f"{self._epoch}\0{root}".encode())

    def _under(self, root: str) -> list[Path]:
        """The files of a root, the furthest step first."""
        with suppress(OSError):
            start = self._name(root)
            names = [name for name in os.listdir(self.folder) if name.startswith(start)]
            return [self.folder / name for name in sorted(names, reverse=True) if name.endswith(SUFFIX)]
        return []


def tidy(folder: Path) -> None:
    """Delete what goes beyond the bounds, the longest unused first. Other processes may be at it too."""
    format.sweep(folder)
    kept: list[tuple[float, int, str]] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.name.endswith(SUFFIX):
                    kept.append((entry.stat().st_mtime, entry.stat().st_size, entry.path))
    total = 0
    for count, (_, size, path) in enumerate(sorted(kept, reverse=True), start=1):
        total += size
        if count > COUNT or total > BYTES:
            _delete(Path(path))


def _touch(path: Path) -> None:
    """Note that it was used; a folder that cannot be written does without."""
    with suppress(OSError):
        os.utime(path)


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("the kept state %s cannot be deleted: %s", path.name, error)


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
