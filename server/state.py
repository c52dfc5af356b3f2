"""State: what the routes of one server share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from safelight.core.folder import Folders
from safelight.core.registry import Registry
from safelight.setting import Settings
from server.bell import Bell
from server.catalogue import Catalogue
from server.dispatch import Dispatch
from server.fetching import Fetching
from server.guard import Guard
from server.hub import Hub
from server.job import Jobs
from server.log import Ring
from server.option import Options
from server.pack import PackDesk
from server.pool.protocol import Pool
from server.turnstile import Turnstile


@dataclass(frozen=True)
class State:
    """The parts of a server, made once by `server.app.build`."""

    options: Options
    settings: Settings
    folders: Folders
    catalogue: Catalogue
    guard: Guard
    log: Ring
    jobs: Jobs
    hub: Hub
    pool: Pool
    dispatch: Dispatch
    packs: PackDesk = field(default_factory=PackDesk)
    fetching: Fetching = field(default_factory=Fetching)
    bell: Bell = field(default_factory=Bell)
    """Rung whenever jobs changed."""
    opening: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while workers have yet to be started."""
    turnstile: Turnstile = field(default_factory=Turnstile)
    """For prompts that come together."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One at a time: changes of the settings."""

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.options.data

    @property
    def user(self) -> Path:
        """Where files of the one user are: settings, workflows."""
        return self.data / "user" / "default"

    @property
    def registry(self) -> Registry:
        """The built-in node types."""
        return self.catalogue.registry


STATE: web.AppKey[State] = web.AppKey("state", State)
