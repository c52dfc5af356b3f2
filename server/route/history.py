"""The history: jobs that ended, what they made, and what was told of them."""

from __future__ import annotations

from aiohttp import web

from safelight.core.widget import nearest, shown
from server.answer import Refused, reply
from server.bound import read_object
from server.job import Query, projection
from server.job.record import ENDED, State
from server.parameter import whole
from server.route.queue import read_ids
from server.state import STATE
from server.stream import reply_parts

PAGE = 50
"""Jobs of one answer, where no limit is asked for."""
TEXT_LONGEST = 1000


async def show(request: web.Request) -> web.StreamResponse:
    """`GET /history?max_items&offset`: jobs that ran, the oldest first; without an offset the newest."""
    jobs = request.app[STATE].jobs
    limit, offset = whole(request.query, "max_items"), whole(request.query, "offset", least=-1)
    newest = offset is None or offset < 0
    query = Query(started=True, ascending=not newest, limit=limit, offset=0 if newest else offset or 0)
    found, _ = await jobs.find(query)
    return await reply_parts(request, projection.history(jobs, found[::-1] if newest else found))


async def show_one(request: web.Request) -> web.StreamResponse:
    """`GET /history/{id}`: one job that ran; nothing if it has not ended, or is not known."""
    jobs = request.app[STATE].jobs
    job = await jobs.get(request.match_info["id"])
    found = [job] if job is not None and job.ended is not None and job.attempt else []
    return await reply_parts(request, projection.history(jobs, found))


async def change(request: web.Request) -> web.StreamResponse:
    """`POST /history`: forget all jobs that ended (`clear`), or those with certain ids (`delete`)."""
    body = await read_object(request)
    jobs = request.app[STATE].jobs
    ids = read_ids(body, "delete")
    if body.get("clear"):
        await jobs.clear_history()
    elif ids:
        await jobs.delete_history(ids)
    return web.Response()


async def search(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/history?text&workflow&model&seed&state&limit&before`: jobs that ended, newest first.

    `next` is what to send as `before` for the page after this one; null if there is none.
    """
    query = request.query
    states = _states(query.get("state", ""))
    limit = whole(query, "limit", least=1, most=1000) or PAGE
    asked = Query(
        states=states,
        text=query.get("text", "")[:TEXT_LONGEST],
        workflow=query.get("workflow", ""),
        model=query.get("model", ""),
        seed=whole(query, "seed", most=2**64 - 1),
        before=whole(query, "before", least=1),
        limit=limit + 1,
    )
    found, total = await request.app[STATE].jobs.find(asked)
    page = found[:limit]
    more = page[-1].seq if len(found) > limit else None
    return reply({"jobs": projection.told(page), "total": total, "next": more})


def _states(text: str) -> tuple[State, ...]:
    """States by their names, with commas between; all that end a job if none is named."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in ENDED:
            raise Refused(400, "bad_parameter", f"'state' is {shown(name)}", nearest(name, ENDED))
    return tuple(state for state in ENDED if not names or state in names)


ROUTES = (
    web.get("/history", show),
    web.get("/history/{id}", show_one),
    web.post("/history", change),
    web.get("/safelight/history", search),
)
