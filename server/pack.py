"""Packs: what the worker told of those that it loaded, and requests that they answer themselves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Middleware

from safelight.message import Packs
from server.answer import Refused
from server.guard import COOKIE, Handler
from server.guard import HEADER as TOKEN

logger = logging.getLogger("safelight.server")
SECRET = "X-Safelight-Pack"  # noqa: S105 - the name of a header
CHUNK = 2**16
PATIENCE = 60.0
"""Seconds that a request waits for a worker that is being started again."""
SILENCE = 300.0
"""Seconds that a pack may take for the next part of an answer."""
OWN = frozenset(
    name.lower()
    for name in ("Host", "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Content-Length", "TE")
)
"""Headers that are of one connection and not passed on."""
SECRETS = frozenset({"authorization", "cookie", TOKEN.lower(), SECRET.lower()})
"""Headers that are for the server alone."""
WORKFLOWS = ("example_workflows", "example", "examples", "workflow", "workflows")
"""Folders of a pack whose JSON files are templates."""


class PackDesk:
    """What the server knows of packs by the worker's last word."""

    def __init__(self) -> None:
        self.told: Packs | None = None
        self._paths = web.UrlDispatcher()
        self._session: aiohttp.ClientSession | None = None
        self._changed = asyncio.Event()
        """Set, and another one put in its place, when there is news."""

    def learn(self, told: Packs) -> None:
        """Take in what a worker reports."""
        self.told, self._paths = told, web.UrlDispatcher()
        self._changed.set()
        self._changed = asyncio.Event()
        for method, path in told.routes:
            try:
                self._paths.add_route(method, path, _nowhere)
            except (ValueError, RuntimeError) as error:
                logger.warning("the route %s %s of a pack is left out: %s", method, path, error)

    def reports(self) -> Mapping[str, dict[str, Any]]:
        """What became of each pack, by name."""
        return {str(one["name"]): one for one in (self.told.reports if self.told is not None else ())}

    def _loaded(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return ((name, one) for name, one in self.reports().items() if one.get("state") == "loaded")

    def web_folders(self) -> dict[str, Path]:
        """The folders of page scripts, by pack."""
        return {name: Path(one["web"]) for name, one in self._loaded() if one.get("web")}

    def folders(self) -> dict[str, Path]:
        """The folders of packs that are loaded and are folders."""
        found = ((name, Path(str(one.get("path", "")))) for name, one in self._loaded())
        return {name: path for name, path in found if path.is_dir()}

    def templates(self) -> dict[str, dict[str, Path]]:
        """The workflows that packs bring, by pack and name."""
        found: dict[str, dict[str, Path]] = {}
        for pack, folder in self.folders().items():
            for place in WORKFLOWS:
                for path in sorted((folder / place).glob("*.json")):
                    found.setdefault(pack, {}).setdefault(path.stem, path)
        return found

    # -- requests

    async def route_of(self, request: web.Request) -> bool:
        """Whether a pack answers this request."""
        if self.told is None or not self.told.port:
            return False
        info = await self._paths.resolve(request.clone(rel_url=request.rel_url.with_path(plain(request))))
        return info.http_exception is None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Have a pack answer, and pass it on. A worker that is on its way back is waited for."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while True:
            told, changed = self.told, self._changed
            try:
                return await self._asked(request)
            except aiohttp.ClientConnectorError:
                if told is self.told:
                    await _until(changed, end)
            if not await self.route_of(request):
                raise Refused(404, "not_found", f"No pack answers {plain(request)[:200]!r} any more")

    async def _asked(self, request: web.Request) -> web.StreamResponse:
        """What the worker answers; ClientConnectorError if it is not there, and nothing was sent."""
        assert self.told is not None
        query = {name: value for name, value in request.query.items() if name != "token"}
        url = request.url.with_path(plain(request)).with_query(query).relative()
        headers = {
            name: value for name, value in request.headers.items() if name.lower() not in OWN | SECRETS
        }
        try:
            found = await self._client().request(
                request.method,
                f"http://127.0.0.1:{self.told.port}{url}",
                headers={**headers, SECRET: self.told.secret},
                data=request.content if request.can_read_body else None,
                allow_redirects=False,
            )
        except aiohttp.ClientConnectorError:
            raise
        except aiohttp.ClientConnectionError as error:
            raise Refused(
                502, "worker_lost", f"The worker was lost while it answered this ({error})", "Try again."
            ) from error
        async with found:
            return await _pass_on(request, found)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=SILENCE)
            self._session = aiohttp.ClientSession(
                timeout=timeout,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                connector=aiohttp.TCPConnector(force_close=True),  # an open one may be to a former worker
            )
        return self._session

    async def close(self) -> None:
        """Ask no more."""
        if self._session is not None:
            await self._session.close()


async def _until(changed: asyncio.Event, end: float) -> None:
    """Wait for another word of the worker; Refused if there is none in time."""
    try:
        async with asyncio.timeout_at(end):
            await changed.wait()
    except TimeoutError:
        raise Refused(
            503,
            "worker_starting",
            f"The worker that answers this was not back within {PATIENCE:g} s",
            "Try again; the server's log says what became of the worker.",
        ) from None


async def _pass_on(request: web.Request, found: aiohttp.ClientResponse) -> web.StreamResponse:
    answer = web.StreamResponse(status=found.status, reason=found.reason)
    for name, value in found.headers.items():
        if name.lower() not in OWN and not (name.lower() == "set-cookie" and COOKIE in value):
            answer.headers.add(name, value)
    await answer.prepare(request)
    try:
        async for part in found.content.iter_chunked(CHUNK):
            await answer.write(part)
    except aiohttp.ClientError as error:  # it is too late to say so otherwise
        raise ConnectionResetError("the worker was lost in the middle of an answer") from error
    await answer.write_eof()
    return answer


def plain(request: web.Request) -> str:
    """The path that a pack knows: without the prefix that stands before everything."""
    return request.path.removeprefix("/api") if request.path.startswith("/api/") else request.path


async def _nowhere(_request: web.Request) -> web.StreamResponse:
    """The pack answers itself."""
    raise NotImplementedError


def passing(desk: PackDesk, last: Handler) -> Middleware:
    """The middleware that has packs answer what nothing else does; `last` handles all that is left."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        info = request.match_info
        unclaimed = info.http_exception is not None or info.handler is last
        if unclaimed and await desk.route_of(request):
            return await desk.answer(request)
        return await handler(request)

    return middleware
