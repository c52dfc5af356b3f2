"""Work: what is kept of one call of a body."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from safelight.core.bind import Watched
from safelight.core.checkpoint import DiskCheckpoint
from safelight.core.context import Context
from safelight.core.store.record import Record


class Work:
    """Most calls need nothing but the defaults."""

    arguments: Mapping[str, Any] = MappingProxyType({})
    context: Context | None = None
    watched: Watched | None = None
    """The tensors that the body was given, if any."""
    seconds = 0.0
    trail: Mapping[str, str] = MappingProxyType({})
    """Files that what an expansion gave depends on, beside those that keys name."""

    def note(self, record: Record) -> None:
        """Bring what the body told its context into the record."""
        context = self.context
        if context is not None:
            record.shown = context.shown or None
            record.reads = tuple((str(ref.path), ref.digest) for ref in context.reads)
            record.writes = tuple(str(path) for path in context.writes)

    @property
    def checkpoint(self) -> DiskCheckpoint | None:
        """The body's checkpoint, if it had one."""
        checkpoint = self.context.checkpoint if self.context is not None else None
        return checkpoint if isinstance(checkpoint, DiskCheckpoint) else None
