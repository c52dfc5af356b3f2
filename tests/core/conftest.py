"""Toy nodes over a local registry, and an engine over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from safelight import Registry
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")  # the machine may be busy with other things


@pytest.fixture
def make_engine(tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """A function that opens an engine over the given node functions; all are closed at the end."""
    opened: list[Engine] = []

    def make(
        *functions: Any, disk: bool = False, memory: int = 10**8, folder: Path | None = None, **fields: Any
    ) -> Engine:
        digests = Digests()
        codec = Codec()
        data = folder or tmp_path
        disk_store = DiskStore(data / "cache", codec) if disk else None
        store = Store(MemoryStore(memory), disk_store, digest_of=digests.of, codec=codec)
        registry = Registry(function.spec for function in functions)
        engine = Engine(
            registry, store, Folders(data), digests=digests, checkpoints=data / "checkpoints", **fields
        )
        opened.append(engine)
        return engine

    yield make
    for engine in opened:
        engine.close()
