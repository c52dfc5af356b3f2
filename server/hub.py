"""Hub: the sockets of all clients. Whoever has something to say says it here, and waits for nobody."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from server import frame
from server.answer import Refused, dump
from server.bound import UPLOAD
from server.parameter import CLIENT_LONGEST
from server.peer import Peers
from server.socket import Socket

FEATURES: Mapping[str, Any] = {
    "supports_preview_metadata": True,
    "supports_model_type_tags": False,
    "max_upload_size": UPLOAD,
    "extension": {"manager": {"supports_v4": False}},
    "node_replacements": True,
    "assets": False,
}
"""What this server can do of what clients ask after."""
MESSAGE_LONGEST = 2**20
PAUSE = 0.05
"""Seconds between two messages to all about the queue, however often it changes meanwhile."""
GOODBYE = 2.0
"""Seconds to wait for a client's answer when its connection is ended."""
SOCKETS_MAX = 1000
SOCKETS_OF_ONE = 200
"""Sockets of one client address, so that one client leaves room for others."""
HEARTBEAT = 240.0
"""Seconds without a word until a client is asked whether it is there; it has half of that to answer. That is
long, for a simple program answers only while it reads, and may do something else in between."""
NEWEST_COUNTS = frozenset({"progress", "progress_state", "status"})
"""Messages that make earlier ones of their type, job and node pointless."""


class Hub:
    """Sockets by client id. All of it is called on the event loop, but for `send_logs`."""

    def __init__(
        self,
        count: Callable[[], Awaitable[int]],
        features: Mapping[str, Any] = FEATURES,
        peers: Peers | None = None,
    ) -> None:
        """`count` tells how many jobs wait or run, `peers` whose a socket is."""
        self.features = features
        self._peers = peers or Peers()
        self._count = count
        self._sockets: dict[str, list[Socket]] = {}
        self._executing: dict[str, dict[str, dict[str, Any]]] = {}
        """By client and job: the node that runs, for when the client comes back."""
        self._open: Counter[str] = Counter()
        """Sockets by client address, those among them that are just being opened."""
        self._telling: asyncio.Task[None] | None = None
        self._changed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        """Known from the first client on; without one there is nobody to tell."""

    # -- clients

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`GET /ws?clientId=ID`: the connection of a client, until either side ends it."""
        if len(request.query.get("clientId", "")) > CLIENT_LONGEST:
            details = f"Send at most {CLIENT_LONGEST} characters."
            raise Refused(400, "invalid_client_id", "The clientId is too long", details)
        address = self._peers.of(request)
        if self._open.total() >= SOCKETS_MAX or self._open[address] >= SOCKETS_OF_ONE:
            problem = "Too many sockets are open already."
            raise Refused(503, "too_many_sockets", problem, "Close one that is no longer needed.")
        self._open[address] += 1
        try:
            return await self._converse(request)
        finally:
            self._open[address] -= 1
            self._open += Counter()  # forgets those that have none

    async def _converse(self, request: web.Request) -> web.StreamResponse:
        connection = web.WebSocketResponse(timeout=GOODBYE, max_msg_size=MESSAGE_LONGEST, heartbeat=HEARTBEAT)
        await connection.prepare(request)
        self._loop = asyncio.get_running_loop()
        socket = Socket(request.query.get("clientId") or uuid4().hex, connection, request.transport)
        try:
            await self._welcome(socket)
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    self._hear(socket, message.data)
        finally:
            self._forget(socket)
            await socket.close()
        return connection

    async def _welcome(self, socket: Socket) -> None:
        status = _status(await self._count())
        socket.send(_text("status", {**status, "sid": socket.id}))
        self._sockets.setdefault(socket.id, []).append(socket)
        for data in self._executing.get(socket.id, {}).values():
            socket.send(_text("executing", data))

    def _forget(self, socket: Socket) -> None:
        sockets = self._sockets.get(socket.id, [])
        if socket in sockets:
            sockets.remove(socket)
        if not sockets:
            self._sockets.pop(socket.id, None)

    def _hear(self, socket: Socket, text: str) -> None:
        """A client says what it can do, and is told the same of the server; nothing else is understood."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(message, dict) and message.get("type") == "feature_flags":
            flags = message.get("data")
            socket.flags = flags if isinstance(flags, dict) else {}
            socket.send(_text("feature_flags", self.features))

    def _all(self, client: str | None = None) -> Iterator[Socket]:
        if client is not None:
            yield from tuple(self._sockets.get(client, ()))
        else:
            yield from [socket for sockets in self._sockets.values() for socket in sockets]

    def connected(self, client: str | None) -> bool:
        """Whether anyone would hear what is sent to a client."""
        return client is not None and client in self._sockets

    def subscribe(self, client: str, wants_logs: bool) -> None:
        """Have the lines of the log sent to a client, or no longer."""
        for socket in self._all(client):
            socket.wants_logs = wants_logs

    # -- messages

    def send(self, type: str, data: Mapping[str, Any], client: str | None = None) -> None:
        """Send a message to one client, or to all."""
        if client is not None and type == "executing":
            self._remember(client, data)
        subject = f"{type} {data.get('prompt_id')} {data.get('node')}" if type in NEWEST_COUNTS else None
        text = ""
        for socket in self._all(client):
            text = text or _text(type, data)
            socket.send(text, subject)

    def _remember(self, client: str, data: Mapping[str, Any]) -> None:
        job = str(data.get("prompt_id"))
        if data.get("node") is not None:
            self._executing.setdefault(client, {})[job] = dict(data)
            return
        jobs = self._executing.get(client, {})
        jobs.pop(job, None)
        if not jobs:
            self._executing.pop(client, None)

    def send_preview(
        self, client: str, image: bytes, format: str, metadata: Mapping[str, Any], *, asked: bool
    ) -> None:
        """Send a picture of work in progress, with metadata to those who said that they can take it.

        Others get it only if it was `asked` for: simple clients take every picture for a result.
        """
        subject = f"preview {metadata.get('prompt_id')} {metadata.get('node_id')}"
        for socket in self._all(client):
            if socket.flags.get("supports_preview_metadata") is True:
                socket.send(frame.preview_with_metadata(image, format, metadata), subject)
            elif asked:
                socket.send(frame.preview(image, format), subject)

    def send_picture(self, client: str, image: bytes, format: str) -> None:
        """Send a picture that a node made for its client: every one, to whoever it is."""
        for socket in self._all(client):
            socket.send(frame.preview(image, format))

    def say(self, event: str, data: Any, client: str | None) -> None:
        """Send what a pack says, to one client or to all; a line that a node shows has a frame of its own."""
        if event == "progress_text" and isinstance(data, dict):
            line = frame.text(str(data.get("nodeId", "")), str(data.get("text", "")))
            for socket in self._all(client):
                socket.send(line)
        else:
            self.send(event, data, client)

    def send_logs(self, entries: Sequence[Mapping[str, Any]], size: Mapping[str, int] | None = None) -> None:
        """Send lines of the log to those who asked for them; safe from any thread, as logging is."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._send_logs, {"entries": list(entries), "size": size})

    def _send_logs(self, data: Mapping[str, Any]) -> None:
        listening = [socket for socket in self._all() if socket.wants_logs]
        text = _text("logs", data) if listening else ""
        for socket in listening:
            socket.send(text)

    def queue_changed(self) -> None:
        """Tell all how many jobs wait or run, once for changes that come together."""
        self._changed = True
        if self._sockets and (self._telling is None or self._telling.done()):
            self._telling = asyncio.get_running_loop().create_task(self._tell_count())

    async def _tell_count(self) -> None:
        while self._changed:
            self._changed = False
            self.send("status", _status(await self._count()))
            await asyncio.sleep(PAUSE)

    async def close(self) -> None:
        """End all connections."""
        if self._telling is not None:
            self._telling.cancel()
        await asyncio.gather(*(socket.close() for socket in self._all()))


def _status(remaining: int) -> dict[str, Any]:
    return {"status": {"exec_info": {"queue_remaining": remaining}}}


def _text(type: str, data: Mapping[str, Any]) -> str:
    return dump({"type": type, "data": data})
