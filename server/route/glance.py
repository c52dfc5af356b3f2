"""What went through a wire of a job that ran: shapes, ranges, a text, a small picture."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

from aiohttp import web

from safelight.core.error import SafelightError
from safelight.core.widget import shown
from server.answer import Refused, reply
from server.parameter import whole
from server.schema import Means
from server.state import STATE

PATIENCE = 20.0
"""Seconds for which an answer of a worker is waited for."""
SLOTS_MAX = 255


@dataclass(frozen=True)
class Glance:
    """What an output gave. Without `kept` there is nothing to look at, and the rest says nothing."""

    kept: Annotated[bool, Means("Whether the value is still there to be looked at.")]
    text: Annotated[str, Means("What it says of itself: a number, a text, which model.")] = ""
    tensors: Annotated[
        list[dict[str, Any]], Means("Each with name, shape, dtype and, where it has numbers, min, max, mean.")
    ] = field(default_factory=list)
    more: Annotated[int, Means("How many further tensors it has.")] = 0
    items: Annotated[int | None, Means("How many values came one after the other; the first is shown.")] = (
        None
    )
    picture: Annotated[str | None, Means("A small picture of it, as a data: address.")] = None
    made: Annotated[str, Means("The node type that made it.")] = ""
    seconds: Annotated[float, Means("How long that took.")] = 0.0


@dataclass(frozen=True)
class Wire:
    """Which output to look at."""

    node: Annotated[str, Means("The node's id, as the job has it.")]
    slot: Annotated[int, Means("The number of its output, from 0.", minimum=0, maximum=SLOTS_MAX)] = 0


async def show(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/jobs/{id}/value?node=ID&slot=N`: what an output gave in that job."""
    state = request.app[STATE]
    job = await state.jobs.get(request.match_info["id"])
    if job is None:
        raise Refused(404, "no_such_job", f"There is no job {shown(request.match_info['id'])}")
    node = request.query.get("node", "")
    slot = whole(request.query, "slot", least=0, most=SLOTS_MAX) or 0
    graph = job.tree()
    if node not in graph:
        return reply(asdict(Glance(kept=False)))
    asked = {"graph": graph, "node": node, "slot": slot}
    try:
        found = await state.pool.ask("glance", asked, patience=PATIENCE)
    except SafelightError as error:
        raise Refused(503, "no_answer", "No worker can look now", str(error)) from error
    return reply(asdict(Glance(kept=False) if found is None else Glance(kept=True, **found)))


ROUTES = (web.get("/safelight/jobs/{id}/value", show),)
