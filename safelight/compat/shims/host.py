"""What the process that packs live in has given them: folders, the registry, where messages go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safelight.core.folder import Folders
from safelight.core.registry import Registry

Send = Callable[[str, Any, str | None], None]
"""Sends an event, its data and the client it is for (None: the one whose job runs) to the pages."""


def _nowhere(event: str, data: Any, client: str | None) -> None:
    """Nobody listens."""


@dataclass
class Host:
    """The surroundings of packs in this process."""

    folders: Folders = field(default_factory=lambda: Folders(Path()))
    registry: Registry = field(default_factory=Registry)
    send: Send = _nowhere
    plan: Any = None
    client: str | None = None
    classes: dict[str, Any] = field(default_factory=dict)
    """The packs' own node classes by id."""
    titles: dict[str, str] = field(default_factory=dict)
    reports: list[Any] = field(default_factory=list)
    """What became of each pack."""


HOST = Host()
