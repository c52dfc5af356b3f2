"""The socket: `/ws`."""

from __future__ import annotations

from aiohttp import web

from server.state import STATE


async def connect(request: web.Request) -> web.StreamResponse:
    """`GET /ws?clientId=ID`: what happens, as it happens."""
    answer: web.StreamResponse = await request.app[STATE].hub.handle(request)
    return answer


ROUTES = (web.get("/ws", connect),)
