"""Socket: one client's connection. What is sent waits in a bounded line, so nobody waits for a client."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any

from aiohttp import web

BACKLOG = 32 * 2**20
"""Bytes that may wait for one client. One that reads so slowly is let go; it can connect anew."""
OVERHEAD = 200
"""Bytes that a waiting message costs beside its own."""
TURN = 16
"""Messages that are written before others in the event loop get their turn."""
CROWDED = 256
"""Waiting messages from which on one that says the same more recently takes another's place."""


class Socket:
    """A connection of the client called `id`."""

    def __init__(
        self, id: str, connection: web.WebSocketResponse, transport: asyncio.BaseTransport | None
    ) -> None:
        self.id = id
        self.flags: Mapping[str, Any] = {}
        """What the client says that it can do."""
        self.wants_logs = False
        self._connection = connection
        self._transport = transport
        self._waiting: deque[tuple[str | None, str | bytes]] = deque()
        self._latest: dict[str, str | bytes] = {}
        """By subject: the newest of the messages that make the older ones of their subject pointless."""
        self._size = 0
        self._dropped = False
        self._wake = asyncio.Event()
        self._writer = asyncio.create_task(self._write())

    def send(self, message: str | bytes, subject: str | None = None) -> None:
        """Put a message in line. Of one `subject`, only the newest needs to arrive if the line is long."""
        if self._writer.done():
            return
        self._size += len(message) + OVERHEAD
        self._waiting.append((subject, message))
        if subject is not None:
            self._latest[subject] = message
        if self._size > BACKLOG:
            self.drop()
        self._wake.set()

    def drop(self) -> None:
        """Let the client go without waiting for it."""
        self._dropped = True
        self._writer.cancel()
        self._waiting.clear()
        self._latest.clear()
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()

    async def _write(self) -> None:
        try:
            while True:
                for _ in range(min(TURN, len(self._waiting))):
                    await self._write_next()
                if self._waiting:
                    await asyncio.sleep(0)
                else:
                    self._wake.clear()
                    await self._wake.wait()
        except (ConnectionError, RuntimeError):
            self._waiting.clear()  # the client is gone

    async def _write_next(self) -> None:
        subject, message = self._waiting.popleft()
        self._size -= len(message) + OVERHEAD
        if subject is not None:
            newest = self._latest.get(subject)
            if newest is message:
                del self._latest[subject]
            elif len(self._waiting) > CROWDED:
                return
        if isinstance(message, str):
            await self._connection.send_str(message)
        else:
            await self._connection.send_bytes(message)

    async def close(self) -> None:
        """Say goodbye, after the client has gone or when the server ends."""
        self._writer.cancel()
        await asyncio.wait([self._writer], timeout=1)
        if not self._connection.closed and not self._dropped:
            await self._connection.close(code=1001, message=b"the server ends")
