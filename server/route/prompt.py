"""Prompts: asking for a job, ending the one that runs, and letting go of memory."""

from __future__ import annotations

from aiohttp import web

from server.admission import admit
from server.answer import Refused, reply
from server.bound import read_json, read_object
from server.job.row import plain_number
from server.state import STATE, State
from server.wish import read_wish


async def remaining(request: web.Request) -> web.StreamResponse:
    """`GET /prompt`: how many jobs wait or run."""
    count = await request.app[STATE].jobs.count()
    return reply({"exec_info": {"queue_remaining": count}})


async def submit(request: web.Request) -> web.StreamResponse:
    """`POST /prompt`: keep a job. It is on disk when this is answered."""
    state = request.app[STATE]
    await state.turnstile.enter()
    wish = read_wish(await read_json(request, empty={}))
    admitted = await admit(state, wish)
    job = admitted.job
    return reply(
        {"prompt_id": job.id, "number": plain_number(job.number), "node_errors": admitted.node_errors}
    )


async def interrupt(request: web.Request) -> web.StreamResponse:
    """`POST /interrupt`: end the job with this `prompt_id` if it runs; without one, end all that run.

    A job whose worker was lost runs too, though it waits for the next.
    """
    body = await read_object(request)
    wanted = body.get("prompt_id")
    if wanted is not None and not isinstance(wanted, str):
        raise Refused(400, "invalid_prompt_id", "The prompt_id is not a text", "Send the id of a job.")
    state = request.app[STATE]
    running, waiting = await state.jobs.queue()
    for job in [*running, *(job for job in waiting if job.attempt)]:
        if not wanted or job.id == wanted:
            await cancel(state, job.id)
    return web.Response()


async def cancel(state: State, id: str) -> bool:
    """End a job, whether it waits or runs; tells whether there was anything to end."""
    before = await state.dispatch.cancel(id)
    return before in ("queued", "running")


async def free(request: web.Request) -> web.StreamResponse:
    """`POST /free`: let go of models or of results in memory, after the job that runs."""
    body = await read_object(request)
    models, memory = bool(body.get("unload_models")), bool(body.get("free_memory"))
    if models or memory:
        await request.app[STATE].pool.free(models, memory)
    return web.Response()


ROUTES = (
    web.get("/prompt", remaining),
    web.post("/prompt", submit),
    web.post("/interrupt", interrupt),
    web.post("/free", free),
)
