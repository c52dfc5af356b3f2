"""`/safelight/openapi.json`: our own API as machines read it, written from the records that are answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal

from aiohttp import web

import safelight
from server.answer import reply
from server.form import FormTold
from server.order import RunRequest
from server.refusal import refusals as common
from server.route.catalogue import Catalogue, TypeTold
from server.route.document import Opened, SaveRequest
from server.route.glance import Glance, Wire
from server.route.library import FetchesTold, FetchRequest, LibraryTold
from server.route.pack import Allowance, PacksTold
from server.route.run import CheckTold, Health
from server.schema import Means, Tree, parameters, schema
from server.told import JobTold, Pause, Refusal, StateName

JSON = "application/json"


@dataclass(frozen=True)
class Wait:
    """How long to wait."""

    wait: Annotated[float, Means("Seconds to wait for the job to end.", minimum=0, maximum=3600)] = 0.0


@dataclass(frozen=True)
class JobListed:
    """A job in a list."""

    id: str
    status: Literal["pending", "in_progress", "completed", "failed", "cancelled"]
    state: StateName
    priority: float
    create_time: Annotated[int, Means("Milliseconds since 1970.")]
    title: str
    client_id: str | None
    attempt: int
    models: list[str]
    worker: str | None
    outputs_count: int
    previewable_outputs_count: int
    execution_start_time: Annotated[int, Means("Milliseconds since 1970.")] = 0
    execution_end_time: Annotated[int, Means("Milliseconds since 1970.")] = 0
    execution_error: Annotated[dict[str, Any], Means("Why it failed.")] = field(default_factory=dict)
    preview_output: Annotated[dict[str, Any], Means("One of the pictures that it made.")] = field(
        default_factory=dict
    )
    workflow_id: Annotated[str, Means("The editor's id of the workflow.")] = ""


@dataclass(frozen=True)
class QueueTold:
    """The jobs that run, and those that wait in their order."""

    paused: bool
    running: list[JobListed]
    waiting: list[JobListed]


@dataclass(frozen=True)
class Search:
    """What to find in the history."""

    text: Annotated[str, Means("Words in its title, its texts and its node types.")] = ""
    workflow: Annotated[str, Means("The editor's id of the workflow.")] = ""
    model: Annotated[str, Means("A part of a model's name.")] = ""
    seed: Annotated[int, Means("A seed.", minimum=0, maximum=2**64 - 1)] = 0
    state: Annotated[
        str,
        Means("States with commas between: done, failed, cancelled.", pattern="^(done|failed|cancelled)?$"),
    ] = ""
    limit: Annotated[int, Means("Jobs of a page.", minimum=1, maximum=1000)] = 50
    before: Annotated[int, Means("What the last page gave as `next`.", minimum=1, maximum=2**53)] = 1


@dataclass(frozen=True)
class Found:
    """A page of the history, newest first."""

    jobs: list[JobListed]
    total: int
    next: int | None


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked: its parts are dataclasses, or None where it has none."""

    method: str
    path: str
    summary: str
    answer: Any
    body: Any = None
    query: type | None = None
    refusals: tuple[int, ...] = ()
    """Statuses of its own; those that any route can have are added."""
    files: bool = False
    """The body may also be a workflow file as it is."""


OPERATIONS = (
    Operation("get", "/safelight/health", "How the server and its workers are", Health),
    Operation(
        "post",
        "/safelight/run",
        "Run a workflow, in any dialect, and wait for what comes of it",
        JobTold,
        body=RunRequest,
        files=True,
    ),
    Operation(
        "post",
        "/safelight/check",
        "Every problem of a workflow, without running it",
        CheckTold,
        body=RunRequest,
        files=True,
    ),
    Operation(
        "get",
        "/safelight/jobs/{id}",
        "A job, its files, and why each node ran",
        JobTold,
        query=Wait,
        refusals=(404,),
    ),
    Operation(
        "get",
        "/safelight/jobs/{id}/value",
        "What an output of a node gave in a job: shape, range, a small picture",
        Glance,
        query=Wire,
        refusals=(404,),
    ),
    Operation(
        "post",
        "/safelight/document/open",
        "A file that carries a workflow, as a document by name",
        Opened,
        body=dict[str, Any],
        files=True,
    ),
    Operation(
        "post",
        "/safelight/document/save",
        "A document by name as the text of a file",
        dict[str, Any],
        body=SaveRequest,
    ),
    Operation("get", "/safelight/queue", "What runs and what waits", QueueTold),
    Operation("post", "/safelight/queue", "Pause or resume", Pause, body=Pause),
    Operation("get", "/safelight/history", "Jobs that ended, searched", Found, query=Search),
    Operation("get", "/safelight/nodes", "Every node type in full", Catalogue),
    Operation("get", "/safelight/nodes/{id}", "One built-in node type", TypeTold, refusals=(404,)),
    Operation("get", "/safelight/models", "The models that there are, with family and size", LibraryTold),
    Operation("get", "/safelight/models/fetch", "How far models on their way are", FetchesTold),
    Operation(
        "post",
        "/safelight/models/fetch",
        "Fetch a model from the Hugging Face hub",
        FetchesTold,
        body=FetchRequest,
        refusals=(409,),
    ),
    Operation("get", "/safelight/packs", "Which packs there are, and what their code could do", PacksTold),
    Operation(
        "post",
        "/safelight/packs",
        "Allow packs to run, or forbid it",
        PacksTold,
        body=Allowance,
        refusals=(404,),
    ),
    Operation("get", "/safelight/templates", "The workflows that ship", list[str]),
    Operation("get", "/safelight/templates/{name}", "What of one to fill in", FormTold, refusals=(404,)),
)


@cache
def document() -> Tree:
    """The whole document."""
    known: dict[str, Tree] = {}
    paths: dict[str, Tree] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one, known)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Safelight",
            "version": safelight.__version__,
            "description": "What Safelight adds to ComfyUI's HTTP API, which it serves as well.",
        },
        "paths": paths,
        "components": {
            "schemas": known,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _operation(one: Operation, known: dict[str, Tree]) -> Tree:
    answers = {"200": _content(one.answer, known, "What was asked for")}
    refusals = {*one.refusals, *common(one.method, body=one.body is not None)}
    answers |= {
        str(status): _content(Refusal, known, "Refused, with the reason") for status in sorted(refusals)
    }
    tree: Tree = {"summary": one.summary, "responses": answers}
    names = [part[1:-1] for part in one.path.split("/") if part.startswith("{")]
    tree["parameters"] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in names
    ] + (parameters(one.query) if one.query is not None else [])
    if one.body is not None:
        content = {JSON: {"schema": schema(one.body, known)}}
        if one.files:
            content |= {"image/png": {"schema": {"type": "string", "contentMediaType": "image/png"}}}
        tree["requestBody"] = {"required": True, "content": content}
    return tree


def _content(kind: Any, known: dict[str, Tree], text: str) -> Tree:
    return {"description": text, "content": {JSON: {"schema": schema(kind, known)}}}


async def openapi(_request: web.Request) -> web.StreamResponse:
    """`GET /safelight/openapi.json`."""
    return reply(document())


ROUTES = (web.get("/safelight/openapi.json", openapi),)
