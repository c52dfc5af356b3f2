"""Templates: the workflows that ship, and those of packs."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web

from safelight import home
from safelight.compat import Document
from server.answer import Refused, reply, reply_text
from server.form import FormTold, form_of
from server.place import found, inside
from server.state import STATE, State


async def of_packs(request: web.Request) -> web.StreamResponse:
    """`GET /workflow_templates`: the templates that packs bring, by pack."""
    templates = await asyncio.to_thread(request.app[STATE].packs.templates)
    return reply({pack: list(names) for pack, names in templates.items()})


async def of_pack(request: web.Request) -> web.StreamResponse:
    """`GET /workflow_templates/{pack}/{name}.json`: one of them."""
    pack, name = request.match_info["pack"], request.match_info["name"]
    templates = await asyncio.to_thread(request.app[STATE].packs.templates)
    path = templates.get(pack, {}).get(name)
    if path is None:
        raise Refused(404, "no_such_file", f"The pack {pack[:100]!r} has no template {name[:100]!r}")
    return reply_text(await asyncio.to_thread(Path.read_text, path, encoding="utf-8"))


async def index(_request: web.Request) -> web.StreamResponse:
    """`GET /templates/index.json`: the workflows that ship, as ComfyUI's front end lists them."""
    names = await asyncio.to_thread(shipped)
    entries = [_entry(name) for name in names]
    return reply([{"moduleName": "default", "title": "Safelight", "type": "image", "templates": entries}])


def _entry(name: str) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    picture = {"mediaType": "image", "mediaSubtype": "webp"}
    return {"name": name, "title": title, "description": title, **picture}


def shipped() -> list[str]:
    """The names of the workflows that ship, the simplest one first."""
    names = sorted(path.stem for path in home.shipped_workflows().glob("*.json"))
    return sorted(names, key=lambda name: name != "text_to_image")


async def template(request: web.Request) -> web.StreamResponse:
    """`GET /templates/{name}.json`: one of them."""
    root, name = home.shipped_workflows(), request.match_info["name"]
    path = await asyncio.to_thread(lambda: found(inside(root, name)))
    if path.suffix != ".json":
        raise Refused(404, "no_such_file", "Templates are JSON files")
    return reply_text(await asyncio.to_thread(Path.read_text, path, encoding="utf-8"))


async def names(_request: web.Request) -> web.StreamResponse:
    """`GET /safelight/templates`: the names of the workflows that ship; each is at `/templates/NAME.json`."""
    return reply(await asyncio.to_thread(shipped))


async def form(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/templates/{name}`: what of one a person is likely to change."""
    state, name = request.app[STATE], request.match_info["name"]
    return reply(asdict(await asyncio.to_thread(_form, state, name)))


def _form(state: State, name: str) -> FormTold:
    path = found(inside(home.shipped_workflows(), f"{name}.json"))
    return form_of(name, Document.read(path), state.registry)


async def subgraphs(_request: web.Request) -> web.StreamResponse:
    """`GET /global_subgraphs`: subgraphs that can be used in every workflow."""
    return reply({})


async def subgraph(request: web.Request) -> web.StreamResponse:
    """`GET /global_subgraphs/{id}`."""
    raise Refused(404, "no_such_subgraph", f"There is no subgraph {request.match_info['id'][:100]!r}")


ROUTES = (
    web.get("/workflow_templates", of_packs),
    web.get("/workflow_templates/{pack}/{name}.json", of_pack),
    web.get("/templates/index.json", index),
    web.get("/templates/{name:.+[.]json}", template),
    web.get("/safelight/templates", names),
    web.get("/safelight/templates/{name}", form),
    web.get("/global_subgraphs", subgraphs),
    web.get("/global_subgraphs/{id}", subgraph),
)
