"""Node types: `/object_info`, which all clients read first."""

from __future__ import annotations

import asyncio

from aiohttp import web

from server.answer import JSON, reply
from server.state import STATE


async def all_types(request: web.Request) -> web.StreamResponse:
    """`GET /object_info`: every node type; packed where that is understood, and 304 where it is known."""
    body = await asyncio.to_thread(request.app[STATE].catalogue.body)
    headers = {"ETag": body.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if body.tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return web.Response(body=body.packed, headers=headers, content_type=JSON)
    return web.Response(body=body.plain, headers=headers, content_type=JSON)


async def one_type(request: web.Request) -> web.StreamResponse:
    """`GET /object_info/{class}`: one node type; nothing for an unknown one."""
    id = request.match_info["id"]
    info = await asyncio.to_thread(request.app[STATE].catalogue.info, id)
    return reply({} if info is None else {id: info})


ROUTES = (
    web.get("/object_info", all_types),
    web.get("/object_info/{id:.+}", one_type),
)
