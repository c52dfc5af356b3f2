"""Settings of the editor: small JSON values by name, in a file of the one user."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from safelight.core.draft import write_whole
from safelight.core.widget import shown
from server.answer import Refused, dump, dump_exactly, reply
from server.bound import read_json, read_object
from server.state import STATE, State

NAME = "comfy.settings.json"
LARGEST = 4 * 2**20


async def show_all(request: web.Request) -> web.StreamResponse:
    """`GET /settings`."""
    return reply(await asyncio.to_thread(_read, request.app[STATE]))


async def show(request: web.Request) -> web.StreamResponse:
    """`GET /settings/{id}`: one value, null if it is not set."""
    settings = await asyncio.to_thread(_read, request.app[STATE])
    return reply(settings.get(request.match_info["id"]))


async def change_all(request: web.Request) -> web.StreamResponse:
    """`POST /settings`: the values of an object are set, others stay."""
    await _merge(request.app[STATE], await read_object(request, limit=LARGEST))
    return web.Response()


async def change(request: web.Request) -> web.StreamResponse:
    """`POST /settings/{id}`: one value, of any kind."""
    value = await read_json(request, limit=LARGEST)
    await _merge(request.app[STATE], {request.match_info["id"]: value})
    return web.Response()


async def _merge(state: State, new: dict[str, Any]) -> None:
    for name, value in new.items():
        try:
            dump_exactly(value)
        except ValueError as error:
            problem = f"The setting {shown(name)} holds NaN or an infinity, which JSON cannot keep"
            raise Refused(400, "not_a_number", problem, "Send a number, or null.") from error
    async with state.turn:
        await asyncio.to_thread(_write, state, new)


def _write(state: State, new: dict[str, Any]) -> None:
    path, settings = _file(state), _read(state)
    if not settings and path.is_file() and path.read_bytes().strip() != b"{}":
        path.replace(path.with_name(f"{NAME}.damaged"))  # somebody may still mend it
    write_whole(path, dump({**settings, **new}))


def _file(state: State) -> Path:
    return state.user / NAME


def _read(state: State) -> dict[str, Any]:
    try:
        tree = json.loads(_file(state).read_bytes())
    except (OSError, ValueError):
        return {}
    return tree if isinstance(tree, dict) else {}


ROUTES = (
    web.get("/settings", show_all),
    web.post("/settings", change_all),
    web.get("/settings/{id:.+}", show),
    web.post("/settings/{id:.+}", change),
)
