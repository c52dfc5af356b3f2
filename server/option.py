"""Options: what `safelight serve` was told on its command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
PORT = 8188


@dataclass(frozen=True, slots=True)
class Options:
    """How one server is to run."""

    data: Path
    host: str = HOST
    port: int = PORT
    workers: int = 0
    """How many; 0 for one on each graphics card, or one on the processor."""
    token: str | None = None
    """What clients must show; None where none is asked for, which only loopback may do."""
    front_end: Path | None = None
    """An unpacked front end of ComfyUI to serve instead of the editor."""
    allowed_hosts: tuple[str, ...] = ()
    """Host names besides the loopback ones under which a proxy may reach the server."""
    proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies, which say for whom they ask."""
    arguments: tuple[str, ...] = ()
    """The command line as it was given, without secrets, for `/system_stats`."""
