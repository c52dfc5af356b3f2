"""Routes of packs: answered in the worker, where packs are, for the server, which passes requests on.

They listen on this machine alone, and only who shows the secret is answered: that is the server, which has
looked at host, origin and token before.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web

from safelight.compat.shims.module.promptserver import PromptServer

logger = logging.getLogger("safelight.worker")
HEADER = "X-Safelight-Pack"
BODY = 1024 * 2**20
PATIENCE = 20.0
"""Seconds to begin to listen."""


@dataclass(frozen=True)
class Served:
    """The routes of all packs, and where they are answered."""

    routes: list[list[str]]
    port: int
    secret: str
    runner: web.AppRunner


_served: list[Served] = []


def serve() -> Served | None:
    """Answer the routes that packs have by now, in place of those that were answered before."""
    server = PromptServer.instance
    wanted = {(method, path): add for method, path, add in _declared(server)}
    old = _served.pop() if _served else None
    if not wanted and old is None:
        return None
    made = asyncio.run_coroutine_threadsafe(_begin(wanted, old), server.loop).result(PATIENCE)
    _served.append(made)
    return made


async def _begin(wanted: dict[tuple[str, str], Any], old: Served | None) -> Served:
    if old is not None:
        await old.runner.cleanup()
    secret = secrets.token_urlsafe(24)
    app = web.Application(middlewares=[_guarding(secret)], client_max_size=BODY)
    routes = []
    for (method, path), add in wanted.items():
        try:
            add(app.router)
            routes.append([method, path])
        except (ValueError, RuntimeError) as error:
            logger.warning("the route %s %s of a pack is left out: %s", method, path, error)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return Served(routes, runner.addresses[0][1], secret, runner)


def _declared(server: Any) -> Iterator[tuple[str, str, Any]]:
    """All routes with what adds them to an application: of the table, and of the application itself."""
    for one in server.routes:
        if isinstance(one, web.RouteDef):
            yield one.method, one.path, one.register
        elif isinstance(one, web.StaticDef):
            yield "GET", f"{one.prefix.rstrip('/')}/{{rest:.*}}", one.register
    for route in server.app.router.routes():
        info = route.resource.get_info() if route.resource is not None else {}
        if "directory" in info:
            prefix, folder = info["prefix"], info["directory"]
            yield "GET", f"{prefix}/{{rest:.*}}", partial(_add_static, prefix=prefix, folder=folder)
        elif route.method != "HEAD" and route.resource is not None:
            path = route.resource.canonical
            yield route.method, path, web.RouteDef(route.method, path, route.handler, {}).register


def _add_static(router: web.UrlDispatcher, *, prefix: str, folder: Any) -> None:
    router.add_static(prefix, folder)


def _guarding(secret: str) -> Any:
    @web.middleware
    async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
        shown = request.headers.get(HEADER, "")
        if not hmac.compare_digest(shown.encode("utf-8", "replace"), secret.encode()):
            return web.Response(status=403)
        answer: web.StreamResponse = await handler(request)
        return answer

    return guard
