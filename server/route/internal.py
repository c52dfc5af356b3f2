"""What ComfyUI's front end asks for itself: the log, the folders, and the files in them."""

from __future__ import annotations

import asyncio

from aiohttp import web

from server.answer import Refused, reply
from server.bound import read_object
from server.place import plain_kind
from server.state import STATE, State

COLUMNS, ROWS = 120, 40
FILES_MAX = 10_000


async def log(request: web.Request) -> web.StreamResponse:
    """`GET /internal/logs`: the last lines, as one text."""
    return reply(request.app[STATE].log.text())


async def raw_log(request: web.Request) -> web.StreamResponse:
    """`GET /internal/logs/raw`: the last lines, one by one."""
    entries = list(request.app[STATE].log.entries)
    return reply({"entries": entries, "size": {"cols": COLUMNS, "rows": ROWS}})


async def subscribe(request: web.Request) -> web.StreamResponse:
    """`PATCH /internal/logs/subscribe` with `{clientId, enabled}`: send new lines to a client's sockets."""
    body = await read_object(request)
    client, enabled = body.get("clientId"), body.get("enabled")
    if not isinstance(client, str) or not isinstance(enabled, bool):
        raise Refused(400, "bad_subscription", 'Send {"clientId": "...", "enabled": true}')
    request.app[STATE].hub.subscribe(client, enabled)
    return web.Response()


async def folder_paths(request: web.Request) -> web.StreamResponse:
    """`GET /internal/folder_paths`: where each kind of files is looked for."""
    state = request.app[STATE]
    kinds = await asyncio.to_thread(state.catalogue.kinds)
    return reply({kind: list(map(str, state.folders.roots(kind))) for kind in kinds})


async def files(request: web.Request) -> web.StreamResponse:
    """`GET /internal/files/{type}`: the files directly in `input`, `output` or `temp`, the newest first."""
    kind = plain_kind(request.match_info["type"])
    return reply(await asyncio.to_thread(_newest, request.app[STATE], kind))


def _newest(state: State, kind: str) -> list[str]:
    root = state.folders.root(kind)
    entries = [entry for entry in root.iterdir() if entry.is_file()] if root.is_dir() else []
    entries = [entry for entry in entries if not entry.name.startswith(".")]
    entries.sort(key=lambda entry: -entry.stat().st_mtime)
    return [entry.name for entry in entries[:FILES_MAX]]


ROUTES = (
    web.get("/internal/logs", log),
    web.get("/internal/logs/raw", raw_log),
    web.patch("/internal/logs/subscribe", subscribe),
    web.get("/internal/folder_paths", folder_paths),
    web.get("/internal/files/{type}", files),
)
