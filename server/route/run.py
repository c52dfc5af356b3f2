"""Our own API, for programs: run a workflow in one call, and learn what came of it and why."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from aiohttp import web

import safelight
from safelight.compat import Document, report
from safelight.core.widget import shown
from server.admission import admit, known_types
from server.answer import Refused, reply
from server.bound import parse, read_body
from server.job import Job
from server.order import RunRequest, must_be_whole, read_order
from server.schema import Means, read
from server.state import STATE, State
from server.told import tell_job

GLANCE = 1.0
"""Seconds after which a wait looks at the job again even if nothing was told."""
QUERY_WAIT_MAX = 3600.0
NAME_LONGEST = 200
"""Letters of a title, and of a client's name, as in the body of a request."""


@dataclass(frozen=True)
class WorkerTold:
    """A worker as it is now."""

    name: str
    state: Annotated[str, Means("`starting`, `idle`, `busy`, `stopping` or `dead`.")]
    device: str
    job: Annotated[str | None, Means("The id of the job that it runs.")]
    rss: Annotated[int, Means("Bytes of memory that it has.")]
    models: Annotated[list[str], Means("Model files whose weights it has.")]
    trouble: Annotated[str, Means("Why it was last lost, or cannot be started.")]


@dataclass(frozen=True)
class Health:
    """How the server is."""

    status: Annotated[str, Means("`ok`; `starting` while no worker is ready yet.")]
    version: str
    running: Annotated[int, Means("Jobs that run.")]
    waiting: Annotated[int, Means("Jobs that wait.")]
    paused: bool
    workers: list[WorkerTold]


@dataclass(frozen=True)
class Lacking:
    """A node type or a model file that this machine lacks."""

    name: str
    nodes: list[str]
    text: Annotated[str, Means("What is lacking and, where the file says so, where it can be had.")]


@dataclass(frozen=True)
class CheckTold:
    """What is wrong with a workflow. `good` if nothing is."""

    good: bool
    problems: Annotated[dict[str, Any], Means("By node id, as `node_errors` has them.")]
    problem: Annotated[str, Means("What is wrong with the whole, if anything is.")]
    types: list[Lacking]
    models: list[Lacking]
    notices: list[str]


async def run(request: web.Request) -> web.StreamResponse:
    """`POST /safelight/run`: run a workflow in any dialect; a picture that carries one will do as well."""
    state = request.app[STATE]
    asked, document = await _asked(request)
    await known_types(state, {one.type for one in report(document, state.registry).types})
    order = await asyncio.to_thread(read_order, state, asked, document)
    must_be_whole(asked, order.verdict)
    admitted = await admit(state, order.wish)
    job = await ended(state, admitted.job, asked.wait)
    return reply(asdict(await tell_job(state.jobs, job, order.notices)))


async def check(request: web.Request) -> web.StreamResponse:
    """`POST /safelight/check`: every problem of a workflow, without running it."""
    state = request.app[STATE]
    asked, document = await _asked(request)
    await known_types(state, {one.type for one in report(document, state.registry).types})
    order = await asyncio.to_thread(read_order, state, asked, document)
    lacking = await asyncio.to_thread(report, document, state.catalogue.everything, state.folders.names)
    verdict = order.verdict
    told = CheckTold(
        good=verdict.error is None and not verdict.node_errors,
        problems=verdict.node_errors,
        problem=f"{verdict.error['message']}. {verdict.error['details']}" if verdict.error else "",
        types=[Lacking(one.type, one.nodes, str(one)) for one in lacking.types],
        models=[Lacking(one.name, one.nodes, str(one)) for one in lacking.models],
        notices=order.notices,
    )
    return reply(asdict(told))


async def show(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/jobs/{id}?wait=SECONDS`: a job, its files, and why each node ran."""
    state = request.app[STATE]
    job = await state.jobs.get(request.match_info["id"])
    if job is None:
        raise Refused(404, "no_such_job", f"There is no job {shown(request.match_info['id'])}")
    job = await ended(state, job, _seconds(request.query.get("wait", "0")))
    return reply(asdict(await tell_job(state.jobs, job)))


async def health(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/health`: how the server and its workers are."""
    state = request.app[STATE]
    workers = state.pool.workers()
    running, waiting = await state.jobs.queue()
    ready = any(worker.state in ("idle", "busy") for worker in workers)
    told = Health(
        status="ok" if ready else "starting",
        version=safelight.__version__,
        running=len(running),
        waiting=len(waiting),
        paused=await state.jobs.is_paused(),
        workers=[
            WorkerTold(one.name, one.state, one.device, one.job, one.rss, sorted(one.holds), one.trouble)
            for one in workers
        ],
    )
    return reply(asdict(told))


async def ended(state: State, job: Job, seconds: float) -> Job:
    """The job when it has ended, or as it is after so many seconds."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while job.ended is None and (left := until - loop.time()) > 0:
        await state.bell.wait(min(left, GLANCE))
        job = await state.jobs.get(job.id) or job
    return job


async def _asked(request: web.Request) -> tuple[RunRequest, Document]:
    """What the body asks for: JSON of a RunRequest, or a file as it is, with the rest in the query."""
    data = await read_body(request)
    if request.content_type == "application/json":
        tree = await asyncio.to_thread(parse, data)
        asked = read(RunRequest, tree)
        return asked, await asyncio.to_thread(_document, request.app[STATE], asked.workflow)
    if not data:
        raise Refused(400, "no_workflow", "No workflow was sent", "Send JSON, or a picture that carries one.")
    document = await asyncio.to_thread(Document.read, data)
    return RunRequest(workflow={}, **_from_query(request)), document


def _document(state: State, tree: dict[str, Any]) -> Document:
    """A workflow in any dialect, the editor's by name among them."""
    return (
        Document.from_named(tree, state.catalogue.everything)
        if tree.get("format") == "safelight"
        else Document(tree)
    )


def _from_query(request: web.Request) -> dict[str, Any]:
    """The fields of a RunRequest that stand behind the question mark: `?wait=60&set=KSampler.steps=8`."""
    query = request.query
    pairs = [text.partition("=") for text in query.getall("set", [])]
    tree: dict[str, Any] = {
        "set": {name: value for name, _, value in pairs},
        "only": query.getall("only", []),
    }
    tree["wait"] = _seconds(query.get("wait", "0"))
    for name in ("partial", "front"):
        tree[name] = query.get(name) in ("true", "1")
    for name in ("title", "client_id"):
        if len(query.get(name, "")) > NAME_LONGEST:
            raise Refused(
                400, "bad_parameter", f"'{name}' is too long", f"Send up to {NAME_LONGEST} letters."
            )
        if name in query:
            tree[name] = query[name]
    return tree


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= QUERY_WAIT_MAX:
        raise Refused(400, "bad_parameter", f"'wait' is {shown(text)}", "Give seconds, from 0 to 3600.")
    return value


ROUTES = (
    web.post("/safelight/run", run),
    web.post("/safelight/check", check),
    web.get("/safelight/jobs/{id}", show),
    web.get("/safelight/health", health),
)
