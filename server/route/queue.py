"""The queue: what runs and what waits."""

from __future__ import annotations

from aiohttp import web

from server.answer import Refused, reply
from server.bound import read_object
from server.job import projection
from server.parameter import is_text
from server.schema import read
from server.state import STATE, State
from server.stream import reply_parts
from server.told import Pause


async def show(request: web.Request) -> web.StreamResponse:
    """`GET /queue`: the jobs that run, and those that wait in the order in which they will be run."""
    return await reply_parts(request, projection.queue(request.app[STATE].jobs))


async def change(request: web.Request) -> web.StreamResponse:
    """`POST /queue`: cancel all that wait (`clear`), or those with certain ids (`delete`)."""
    body = await read_object(request)
    ids = read_ids(body, "delete")
    if body.get("clear"):
        await _delete(request.app[STATE], None)
    elif ids:
        await _delete(request.app[STATE], ids)
    return web.Response()


async def _delete(state: State, ids: list[str] | None) -> None:
    _, waiting = await state.jobs.queue()
    begun = [job for job in waiting if job.attempt]
    deleted = set(await state.jobs.delete_pending(ids))
    for job in begun:
        if job.id in deleted:
            await state.dispatch.recalled(job)


def read_ids(body: dict[str, object], name: str) -> list[str]:
    """A list of ids in a body; Refused with 400 if it is none."""
    ids = body.get(name)
    if ids is None:
        return []
    if not isinstance(ids, list) or not all(map(is_text, ids)):
        raise Refused(400, "invalid_ids", f"'{name}' is not a list of ids", "Send the ids of jobs as texts.")
    return ids


async def overview(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/queue`: the jobs that run and wait, and whether the queue is paused."""
    jobs = request.app[STATE].jobs
    running, waiting = await jobs.queue()
    return reply(
        {
            "paused": await jobs.is_paused(),
            "running": projection.told(running),
            "waiting": projection.told(waiting),
        }
    )


async def pause(request: web.Request) -> web.StreamResponse:
    """`POST /safelight/queue`: `{"paused": true}` takes no further job up, `false` goes on."""
    wanted = read(Pause, await read_object(request)).paused
    jobs = request.app[STATE].jobs
    await (jobs.pause() if wanted else jobs.resume())
    return reply({"paused": wanted})


ROUTES = (
    web.get("/queue", show),
    web.post("/queue", change),
    web.get("/safelight/queue", overview),
    web.post("/safelight/queue", pause),
)
