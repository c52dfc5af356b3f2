"""Documents: a saved file by name, as the editor works with it, and back (`docs/document.md`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from aiohttp import web

from safelight.compat import Document, make_ready
from safelight.script import script
from server.answer import JSON, Refused, dump, reply
from server.bound import parse, read_body
from server.schema import Means, read
from server.state import STATE, State

SCRIPT = "text/x-python"


@dataclass(frozen=True)
class Opened:
    """What a file carries."""

    document: Annotated[dict[str, Any], Means("The document by name.")]


@dataclass(frozen=True)
class SaveRequest:
    """A document by name, to be written as a file."""

    document: Annotated[dict[str, Any], Means("The document by name.")]
    format: Annotated[
        Literal["workflow", "api", "python"],
        Means(
            "`workflow`: the editor's JSON; `api`: what `/prompt` takes; `python`: a script that builds it."
        ),
    ] = field(default="workflow")
    name: Annotated[str, Means("What a script says it was made from.", maxLength=200)] = ""


async def open_file(request: web.Request) -> web.StreamResponse:
    """`POST /safelight/document/open`: a file of any kind that carries a workflow, as a document by name."""
    data = await read_body(request)
    if not data:
        raise Refused(400, "no_workflow", "No file was sent", "Send JSON, or a picture that carries one.")
    state = request.app[STATE]
    named = await asyncio.to_thread(lambda: Document.read(data).by_name(state.catalogue.everything))
    return reply({"document": named})


async def save_file(request: web.Request) -> web.StreamResponse:
    """`POST /safelight/document/save`: a document by name as the text of a file."""
    asked = read(SaveRequest, await asyncio.to_thread(parse, await read_body(request)))
    text = await asyncio.to_thread(_written, request.app[STATE], asked)
    return web.Response(text=text, content_type=SCRIPT if asked.format == "python" else JSON)


def _written(state: State, asked: SaveRequest) -> str:
    document = Document.from_named(asked.document, state.catalogue.everything)
    if asked.format == "workflow":
        return document.write()
    ready = make_ready(document, state.catalogue.everything, state.folders)
    if asked.format == "python":
        return script(ready.graph, state.catalogue.everything, name=asked.name)
    return dump(ready.prompt)


ROUTES = (
    web.post("/safelight/document/open", open_file),
    web.post("/safelight/document/save", save_file),
)
