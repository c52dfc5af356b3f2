"""Listen: one server on its address, from start to a clean end; clients that say nothing are put out."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware

from safelight.core.error import SafelightError
from server.app import build
from server.door import Doors
from server.guard import Handler
from server.log import Lines
from server.option import Options
from server.state import STATE

HEADERS = 15.0
"""Seconds within which a new connection must have sent its first request's headers."""
KEEP_ALIVE = 75.0
SHUTDOWN = 5.0
"""Seconds that requests under way get to end."""
BACKLOG = 512
FILES = 65_536
"""Open files that are asked for: each connection is one, and many systems start a process with 1024."""
ACCEPT = 8
"""New connections that are taken at once, before those that are there get their turn again."""
SWITCH = 0.0005
"""Seconds after which a thread that computes lets the one that answers go on, if that has something to do."""


def bind(host: str, port: int) -> socket.socket:
    """The socket to listen on; SafelightError if the address cannot be had.

    It listens at once: who connects while the rest is being imported is answered as soon as it is there.
    """
    try:
        bound = _bound(host, port)
    except (OSError, UnicodeError) as error:  # a name may be none at all
        problem = getattr(error, "strerror", None) or error
        raise SafelightError(
            f"the server cannot listen on {host}:{port}: {problem}", remedy=_remedy(error, host, port)
        ) from error
    bound.setblocking(False)
    return bound


def _bound(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # where this would let two servers share the address
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def _remedy(error: Exception, host: str, port: int) -> str:
    number = getattr(error, "errno", 0)
    if isinstance(error, (socket.gaierror, UnicodeError)) or number == errno.EADDRNOTAVAIL:
        return f"{host!r} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all that it has."
    if number == errno.EACCES:
        return "Ports below 1024 are kept for the system: choose another with --port."
    other = port + 1 if port < 65_535 else 8188
    return f"Is one running there already? Choose another port: safelight serve --port {other}."


def serve(options: Options, bound: socket.socket, opened: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl+C; `opened` is called when the first answer can be given."""
    logger = logging.getLogger("safelight")
    logger.addHandler(Lines(sys.stderr, everything=logging.getLogger().isEnabledFor(logging.DEBUG)))
    logger.propagate = False  # the lines are for programs; what the command line says stands on its own
    logger.setLevel(logging.INFO)
    allow_files()
    sys.setswitchinterval(SWITCH)
    asyncio.run(_serve(options, bound, opened))


async def _serve(options: Options, bound: socket.socket, opened: Callable[[], None]) -> None:
    stop = asyncio.Event()
    _heed_signals(stop)
    async with listening(build(options), bound):
        opened()
        await stop.wait()


@asynccontextmanager
async def listening(
    app: web.Application, bound: socket.socket, silence: float = HEADERS
) -> AsyncIterator[None]:
    """Answer requests at a bound socket; who sends none within `silence` seconds is put out."""
    patience = Patience(silence)
    app.middlewares.insert(0, patience.middleware())
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_logger(),
        keepalive_timeout=KEEP_ALIVE,
        shutdown_timeout=SHUTDOWN,
        handle_signals=False,
    )
    await runner.setup()
    assert runner.server is not None
    loop = asyncio.get_running_loop()
    doors = Doors(app[STATE].guard.peers).over(patience.over(runner.server))
    server = await loop.create_server(doors, sock=bound, backlog=ACCEPT)
    bound.listen(BACKLOG)  # so many may wait all the same
    try:
        yield
    finally:
        server.close()
        await runner.cleanup()


def _logger() -> logging.Logger:
    """Where failures go that no route has seen; that a client sent no HTTP, or has gone, is none."""
    logger = logging.getLogger("safelight.http")
    if not logger.filters:
        logger.addFilter(lambda record: not _is_of_client(record))
    return logger


def _is_of_client(record: logging.LogRecord) -> bool:
    kinds = (HttpProcessingError, web.RequestPayloadError, ConnectionError)
    return record.exc_info is not None and isinstance(record.exc_info[1], kinds)


def allow_files(wanted: int = FILES) -> None:
    """Have the system let this process open more files, as far as it may; clients who stay take one each."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _heed_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows raises KeyboardInterrupt instead
            loop.add_signal_handler(number, stop.set)


class Patience:
    """Ends connections on which no request arrives: a thousand of them would be all that there can be."""

    def __init__(self, seconds: float = HEADERS) -> None:
        self.seconds = seconds
        self.silent: set[asyncio.BaseProtocol] = set()

    def middleware(self) -> Middleware:
        """Takes note of connections on which a request arrived."""

        @web.middleware
        async def hear(request: web.Request, handler: Handler) -> web.StreamResponse:
            self.silent.discard(request.protocol)
            return await handler(request)

        return hear

    def over(self, server: web.Server) -> Callable[[], asyncio.Protocol]:
        """A maker of protocols that are given up after `seconds` of silence."""

        def protocol() -> asyncio.Protocol:
            made = server()
            self.silent.add(made)
            asyncio.get_running_loop().call_later(self.seconds, self._give_up, made)
            return made

        return protocol

    def _give_up(self, made: web.RequestHandler) -> None:
        if made in self.silent:
            self.silent.discard(made)
            if made.transport is not None:
                made.transport.abort()
