"""App: puts one server together. `build(options)` makes it, `server.listen` runs it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable

from aiohttp import web

from safelight import home
from safelight.core.error import SafelightError
from safelight.setting import Settings
from server import guard as guards
from server import login
from server.answer import Refused, refuse
from server.bound import UPLOAD
from server.catalogue import Catalogue
from server.guard import Guard, Handler
from server.log import Ring
from server.option import Options
from server.route import node, page
from server.state import STATE, State

logger = logging.getLogger("safelight.server")

__all__ = ["STATE", "State", "build"]

SHARED = (node,)
"""Modules whose routes are at `/` and at `/api`."""
OURS = (page, login)
"""Modules whose routes are where they say, and nowhere else."""


def build(options: Options) -> web.Application:
    """The application over a data folder. SafelightError if the folder or its settings cannot be used."""
    home.prepare(options.data)
    state = _state(options)
    app = web.Application(middlewares=[_answering, guards.guarding(state.guard)], client_max_size=UPLOAD)
    app[STATE] = state
    app.add_routes(route for module in OURS for route in module.ROUTES)
    shared = [route for module in SHARED for route in module.ROUTES]
    app.add_routes([*shared, *_under("/api", shared)])
    app.on_response_prepare.append(guards.add_headers)
    app.cleanup_ctx.append(_running)
    return app


def _state(options: Options) -> State:
    folders = home.folders(options.data)
    return State(
        options=options,
        settings=Settings.read(options.data),
        folders=folders,
        catalogue=Catalogue(folders, options.data / "cache"),
        guard=Guard(options.host, options.allowed_hosts, options.token),
        log=Ring(),
    )


async def _running(app: web.Application) -> AsyncIterator[None]:
    """What runs beside the routes, from the first request on until the last one is answered."""
    state = app[STATE]
    logging.getLogger("safelight").addHandler(state.log)
    warming = asyncio.create_task(asyncio.to_thread(lambda: state.catalogue.registry))
    yield
    warming.cancel()
    logging.getLogger("safelight").removeHandler(state.log)


def _under(prefix: str, routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    return [
        web.RouteDef(route.method, prefix + route.path, route.handler, dict(route.kwargs))
        for route in routes
        if not route.path.startswith(prefix)
    ]


@web.middleware
async def _answering(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what goes wrong below into an answer with a sentence; nothing of a traceback gets out."""
    try:
        return await handler(request)
    except Refused as refused:
        return refused.response()
    except SafelightError as error:
        return refuse(400, error.kind, str(error))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return refuse(error.status, "http_error", f"{error.status} {error.reason}: {request.path[:200]}")
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception:
        logger.exception("%s %s failed", request.method, request.path[:200])
        return refuse(500, "internal_error", "The server failed at this. Its log says more.")
