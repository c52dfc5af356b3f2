"""Door: how many connections one client address may hold, and how one whose client is gone is noticed."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from server.peer import Peers, peer

CONNECTIONS_MAX = 1000
"""Connections of one address; a browser has about seven."""
IDLE, INTERVAL, TRIES = 60, 15, 4
"""Seconds without a word until the system asks whether the other side is there, how often it asks again, and
how many times: a machine that went without a goodbye is noticed though nothing is sent to it."""
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nConnection: close\r\n"
    b"Content-Length: 53\r\n\r\nToo many connections of this address are open already"
)


class Doors:
    """Counts the connections of each address, and turns away those that are too many."""

    def __init__(self, peers: Peers | None = None) -> None:
        """A proxy among `peers` speaks for many, so its own connections are not counted."""
        self._peers = peers or Peers()
        self._open: Counter[str] = Counter()

    def over(self, make: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        """A maker of protocols that stand before those of another."""
        return lambda: Door(make(), self)

    def enter(self, address: str | None) -> str | None:
        """Count a connection, for whom it says; None if that one has too many."""
        who = peer(address)
        if self._open[who] >= CONNECTIONS_MAX and not self._peers.trusts(address):
            return None
        self._open[who] += 1
        return who

    def leave(self, who: str) -> None:
        """A connection has ended."""
        self._open[who] -= 1
        if not self._open[who]:
            del self._open[who]


class Door(asyncio.Protocol):
    """One connection: what comes is handed on, once it was let in."""

    def __init__(self, inner: asyncio.Protocol, doors: Doors) -> None:
        self._inner = inner
        self._doors = doors
        self._who: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        name = transport.get_extra_info("peername")
        self._who = self._doors.enter(name[0] if isinstance(name, tuple) else None)
        if self._who is not None:
            _watch(transport.get_extra_info("socket"))
            self._inner.connection_made(transport)
        elif isinstance(transport, asyncio.WriteTransport):
            transport.write(BUSY)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._who is not None:
            self._doors.leave(self._who)
            self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._who is not None:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._who is not None else None

    def pause_writing(self) -> None:
        if self._who is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._who is not None:
            self._inner.resume_writing()


def _watch(connection: socket.socket | None) -> None:
    """Have the system notice when the other side is gone, where it can."""
    wanted = (("TCP_KEEPIDLE", IDLE), ("TCP_KEEPINTVL", INTERVAL), ("TCP_KEEPCNT", TRIES))
    for name, value in wanted:
        if connection is not None and hasattr(socket, name):
            with suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
