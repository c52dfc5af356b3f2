"""Stream: answers that may be long are sent as they are made, so that none is ever whole in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from server.answer import JSON, reply_text

WHOLE_MAX = 2**20
"""Characters up to which an answer is sent as one."""


async def reply_parts(request: web.Request, parts: AsyncIterator[str]) -> web.StreamResponse:
    """An answer of text, which is JSON when it is put together."""
    waiting: list[str] = []
    size = 0
    answer: web.StreamResponse | None = None
    async for part in parts:
        waiting.append(part)
        size += len(part)
        if size > WHOLE_MAX:
            if answer is None:
                answer = web.StreamResponse(headers={"Content-Type": f"{JSON}; charset=utf-8"})
                await answer.prepare(request)
            await answer.write("".join(waiting).encode())
            waiting, size = [], 0
    if answer is None:
        return reply_text("".join(waiting))
    await answer.write("".join(waiting).encode())
    await answer.write_eof()
    return answer
