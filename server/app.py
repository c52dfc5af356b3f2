"""App: puts one server together. `build(options)` makes it, `server.listen` runs it."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterable

from aiohttp import web

from safelight import home
from safelight.message import Packs, Ready, Said
from safelight.setting import Settings
from server import guard as guards
from server import login
from server.answer import refuse
from server.bound import UPLOAD
from server.catalogue import Catalogue
from server.dispatch import Dispatch
from server.guard import Guard, Handler
from server.hub import Hub
from server.job import Jobs, JobStore
from server.log import Ring
from server.option import Options
from server.pack import passing
from server.peer import Peers
from server.pool import Limits, LocalPool
from server.pool.protocol import Notice, Pool
from server.refusal import refusal
from server.route import (
    catalogue,
    document,
    glance,
    history,
    internal,
    job,
    library,
    model,
    node,
    openapi,
    pack,
    page,
    prompt,
    queue,
    run,
    setting,
    socket,
    system,
    template,
    upload,
    userdata,
    view,
)
from server.state import STATE, State
from server.translation import Translation

logger = logging.getLogger("safelight.server")

__all__ = ["STATE", "State", "build"]

SHARED = (
    prompt,
    queue,
    history,
    job,
    library,
    socket,
    node,
    view,
    upload,
    model,
    system,
    setting,
    userdata,
    template,
    internal,
    run,
    glance,
    document,
    catalogue,
    pack,
    openapi,
)
"""Modules whose routes are at `/` and at `/api`, where they do not say otherwise."""
OURS = ("/safelight", "/api", "/internal")
"""How the paths begin that are where they are, and nowhere else."""


def build(options: Options, pool: Pool | None = None) -> web.Application:
    """The application over a data folder; `pool` stands in for workers on this machine.

    SafelightError if the folder or its settings cannot be used, or another server uses it. To be called where
    an event loop runs.
    """
    home.prepare(options.data)
    state = _state(options, pool)
    app = web.Application(
        middlewares=[_answering, guards.guarding(state.guard), passing(state.packs, page.asset)],
        client_max_size=UPLOAD,
    )
    app[STATE] = state
    app.add_routes(login.ROUTES)
    shared = [route for module in SHARED for route in module.ROUTES]
    app.add_routes([*shared, *_under_api(shared)])
    app.add_routes(page.ROUTES)
    app.on_response_prepare.append(guards.add_headers)
    app.cleanup_ctx.append(_running)
    app.on_shutdown.append(_hang_up)
    return app


def _state(options: Options, pool: Pool | None) -> State:
    settings = Settings.read(options.data)
    folders = home.folders(options.data)
    jobs = Jobs(JobStore(options.data / "jobs.sqlite", keep=settings.history_jobs))
    peers = Peers(options.proxies)
    hub = Hub(jobs.count, peers=peers)
    pool = pool or LocalPool(options.data, options.workers, limits=Limits.of(settings))
    catalogue = Catalogue(folders, options.data / "cache")
    return State(
        options=options,
        settings=settings,
        folders=folders,
        catalogue=catalogue,
        guard=Guard(options.host, options.allowed_hosts, options.token, peers),
        log=Ring(),
        jobs=jobs,
        hub=hub,
        pool=pool,
        dispatch=Dispatch(options.data, jobs, pool, Translation(hub), catalogue.pack_of),
    )


async def _running(app: web.Application) -> AsyncIterator[None]:
    """What runs beside the routes, from the first request on until the last one is answered."""
    state = app[STATE]
    logging.getLogger("safelight").addHandler(state.log)
    state.jobs.listen(state.hub.queue_changed)
    state.jobs.listen(state.bell.ring)
    state.log.listeners.append(lambda entry: state.hub.send_logs([entry]))
    state.opening.set()
    starting = asyncio.create_task(_start(state))
    yield
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    await state.hub.close()
    await state.dispatch.close()
    await state.pool.close()
    await state.packs.close()
    await state.jobs.close()
    logging.getLogger("safelight").removeHandler(state.log)


async def _hang_up(app: web.Application) -> None:
    """End the sockets before requests are waited for: else each would be waited for in vain."""
    await app[STATE].hub.close()


async def _start(state: State) -> None:
    """Start what takes longer than a first answer may."""
    try:
        await state.dispatch.start()
        _learn_packs(state)
        await state.pool.start()
        state.opening.clear()
        await asyncio.to_thread(lambda: state.registry)
        gc.collect()
        gc.freeze()  # what is there by now stays: looking through it again would hold up answers for long
    except Exception:
        logger.exception("jobs cannot be run")
    finally:
        state.opening.clear()


def _learn_packs(state: State) -> None:
    """Hear what workers report of their packs, and what those say, besides what dispatch hears."""
    hear = state.pool.hear

    def both(worker: str, notice: Notice) -> None:
        match notice:
            case Ready(packs=dict(nodes)):
                state.catalogue.learn(nodes)
            case Packs():
                state.catalogue.learn(notice.nodes)
                state.packs.learn(notice)
                state.hub.send("safelight_packs", {"packs": sorted(state.packs.reports())})
            case Said():
                state.hub.say(notice.event, notice.data, notice.client)
        hear(worker, notice)

    state.pool.hear = both


def _under_api(routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    return [
        web.RouteDef(route.method, f"/api{route.path}", route.handler, dict(route.kwargs))
        for route in routes
        if not route.path.startswith(OURS)
    ]


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


@web.middleware
async def _answering(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what goes wrong below into an answer with a sentence; nothing of a traceback gets out."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        refused = refuse(error.status, "http_error", f"{error.status} {error.reason}: {request.path[:200]}")
        if "Allow" in error.headers:
            refused.headers["Allow"] = error.headers["Allow"]
        return refused
    except Exception as error:
        if isinstance(error, ConnectionError) and _is_gone(request):
            raise  # there is nobody to be told
        if (answer := refusal(error)) is not None:
            return answer
        logger.exception("%s %s failed", request.method, request.path[:200])
        return refuse(500, "internal_error", "The server failed at this. Its log says more.")
