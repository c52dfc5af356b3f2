"""Routes of packs: answered in the worker, where packs are, for the server, which passes requests on.

They listen on this machine alone, and only who shows the secret is answered: that is the server, which has
looked at host, origin and token before. When packs were read anew, their routes are answered at another port:
the former one goes on answering until the server has surely heard of it, so that no request finds nobody.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from safelight.compat.shims.module.promptserver import PromptServer

logger = logging.getLogger("safelight.worker")
HEADER = "X-Safelight-Pack"
BODY = 1024 * 2**20
PATIENCE = 20.0
"""Seconds to begin to listen."""
LINGER = 10.0
"""Seconds that former routes are still answered for whoever has not heard of the new ones."""


@dataclass(frozen=True)
class Served:
    """The routes of all packs, and where they are answered."""

    routes: list[list[str]]
    port: int
    secret: str
    runner: web.AppRunner


_served: list[Served] = []
_ending: set[asyncio.Future[None]] = set()


def serve() -> Served | None:
    """Answer the routes that packs have by now. What was answered before still is until that is known."""
    server = PromptServer.instance
    wanted = dict(_wanted(server))
    old = _served.pop() if _served else None
    if not wanted and old is None:
        return None
    made = asyncio.run_coroutine_threadsafe(_begin(wanted), server.loop).result(PATIENCE)
    _served.append(made)
    if old is not None:
        server.loop.call_soon_threadsafe(server.loop.call_later, LINGER, _end, old)
    return made


async def _begin(wanted: dict[tuple[str, str], Any]) -> Served:
    secret = secrets.token_urlsafe(24)
    app = web.Application(middlewares=[_guarding(secret)], client_max_size=BODY)
    routes = []
    for (method, path), route in wanted.items():
        try:
            route.register(app.router)
            routes.append([method, path])
        except (ValueError, RuntimeError) as error:
            logger.warning("the route %s %s of a pack is left out: %s", method, path, error)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return Served(routes, runner.addresses[0][1], secret, runner)


def _end(old: Served) -> None:
    """Answer no more what was answered before: on the loop, when the server asks elsewhere by now."""
    task = asyncio.ensure_future(old.runner.cleanup())
    _ending.add(task)
    task.add_done_callback(_ending.discard)


def _wanted(server: PromptServer) -> Iterator[tuple[tuple[str, str], Any]]:
    """All routes by method and path."""
    for one in server.declared():
        if isinstance(one, web.StaticDef):
            yield ("GET", f"{one.prefix.rstrip('/')}/{{rest:.*}}"), one
        elif isinstance(one, web.RouteDef):
            yield (one.method, one.path), one


def _guarding(secret: str) -> Any:
    @web.middleware
    async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
        shown = request.headers.get(HEADER, "")
        if not hmac.compare_digest(shown.encode("utf-8", "replace"), secret.encode()):
            return web.Response(status=403)
        answer: web.StreamResponse = await handler(request)
        return answer

    return guard
