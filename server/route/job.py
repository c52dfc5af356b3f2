"""Jobs in any state, and cancelling by id."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Literal

from aiohttp import web

from safelight.core.widget import shown
from server.answer import Refused, reply, reply_text
from server.bound import read_object
from server.job import Query, projection
from server.job.projection import STATUS
from server.job.record import State
from server.parameter import LARGEST, is_id, whole
from server.route.prompt import cancel
from server.state import STATE

IDS_MAX = 1000
SORTS: dict[str, Literal["created", "duration"]] = {
    "created_at": "created",
    "execution_duration": "duration",
}


class Wrong(Exception):
    """A request that cannot be understood; answered `{error}` with 400, as clients of these routes expect."""


async def listing(request: web.Request) -> web.StreamResponse:
    """`GET /api/jobs`: a page of jobs by status and workflow, in a chosen order."""
    try:
        query = _query(request)
    except Wrong as wrong:
        return reply({"error": str(wrong)}, 400)
    found, total = await request.app[STATE].jobs.find(query)
    end = query.offset + len(found)
    page = {"offset": query.offset, "limit": query.limit, "total": total, "has_more": end < total}
    if len(found) <= projection.TURN:
        return reply_text(projection.page(found, page))
    return reply_text(await asyncio.to_thread(projection.page, found, page))


def _query(request: web.Request) -> Query:
    query = request.query
    sort = _one_of(query.get("sort_by", "created_at").lower(), "sort_by", list(SORTS))
    return Query(
        states=_states(query.get("status", "")),
        workflow=query.get("workflow_id", ""),
        sort=SORTS[sort],
        ascending=_one_of(query.get("sort_order", "desc").lower(), "sort_order", ["asc", "desc"]) == "asc",
        limit=_whole(query, "limit", least=1),
        offset=max(0, _whole(query, "offset") or 0),
    )


def _whole(query: Mapping[str, str], name: str, least: int = -LARGEST) -> int | None:
    try:
        return whole(query, name, least=least)
    except Refused as refused:
        raise Wrong(f"{refused.message}. {refused.details}") from refused


def _states(text: str) -> list[State]:
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in names:
        _one_of(name, "status", list(STATUS.values()))
    return [state for state, name in STATUS.items() if not names or name in names]


def _one_of(value: str, name: str, options: list[str]) -> str:
    if value not in options:
        raise Wrong(f"'{name}' is {shown(value)}. Choose one of {', '.join(options)}.")
    return value


async def show(request: web.Request) -> web.StreamResponse:
    """`GET /api/jobs/{id}`: one job, with its outputs if it has ended."""
    jobs = request.app[STATE].jobs
    job = await jobs.get(request.match_info["id"])
    if job is None:
        return reply({"error": f"There is no job {shown(request.match_info['id'])}."}, 404)
    return reply_text(await projection.whole(jobs, job))


async def cancel_one(request: web.Request) -> web.StreamResponse:
    """`POST /api/jobs/{id}/cancel`: end a job in whatever state; to ask again does no harm."""
    return await _cancel(request, [request.match_info["id"]])


async def cancel_many(request: web.Request) -> web.StreamResponse:
    """`POST /api/jobs/cancel` with `{"job_ids": [...]}`: the same for several."""
    return await _cancel(request, (await read_object(request)).get("job_ids"))


async def _cancel(request: web.Request, ids: Any) -> web.StreamResponse:
    if not isinstance(ids, list) or not ids or len(ids) > IDS_MAX or not all(map(is_id, ids)):
        problem = f"{shown(ids)} is not a list of up to {IDS_MAX} ids of jobs, which are UUIDs."
        return reply({"error": problem}, 400)
    ended = [await cancel(request.app[STATE], str(id)) for id in dict.fromkeys(ids)]
    return reply({"cancelled": any(ended)})


ROUTES = (
    web.get("/api/jobs", listing),
    web.post("/api/jobs/cancel", cancel_many),
    web.get("/api/jobs/{id}", show),
    web.post("/api/jobs/{id}/cancel", cancel_one),
)
