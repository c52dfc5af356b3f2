"""Bounds: how much a client may send, and for how long; what goes beyond gets a 4xx with a sentence."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

from aiohttp import web

from safelight.compat import notation
from safelight.core.error import DocumentError
from server.answer import Refused

STATUSES = (400, 408, 413)
"""How a body can be refused."""
BODY = 64 * 2**20
"""Bytes of one JSON body."""
UPLOAD = 1024 * 2**20
"""Bytes of one uploaded file."""
SILENCE = 30.0
"""Seconds that a client may send nothing while its request is not complete."""
PATIENCE = 60.0
"""Seconds that one JSON body may take."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
"""How the system says that a disk is full."""
NO_WAY = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE)
"""How it says that a file cannot be used, whatever its name is."""
THREADED = 256 * 1024
"""Bodies larger than this are parsed beside the loop, so that nobody waits for them."""


async def read_body(request: web.Request, limit: int = BODY) -> bytes:
    """The whole body; Refused with 413 if it is larger than `limit`, with 408 if it does not come."""
    if request.content_length is not None and request.content_length > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    room = limit
    try:
        async with asyncio.timeout(PATIENCE):
            async for part in request.content.iter_chunked(2**16):
                room -= len(part)
                if room < 0:
                    raise _too_large(limit)
                parts.append(part)
    except TimeoutError:
        raise Refused(408, "too_slow", f"The body did not arrive within {PATIENCE:.0f} s.") from None
    except web.RequestPayloadError as error:
        problem = "The body is not as its headers say: it is cut short, or not packed as they tell."
        raise Refused(400, "bad_body", problem) from error
    return b"".join(parts)


async def read_json(request: web.Request, *, empty: Any = None, limit: int = BODY) -> Any:
    """The body as JSON, `empty` if there is none and that is given. Refused with 400 or 413 else."""
    data = await read_body(request, limit)
    if not data.strip() and empty is not None:
        return empty
    if len(data) > THREADED:
        return await asyncio.to_thread(parse, data)
    return parse(data)


async def read_object(request: web.Request, *, limit: int = BODY) -> dict[str, Any]:
    """The body as a JSON object; an empty body is an empty one."""
    tree = await read_json(request, empty={}, limit=limit)
    if not isinstance(tree, dict):
        raise Refused(400, "invalid_json", "The body must be a JSON object.", 'Send {"name": value}.')
    return tree


def parse(data: bytes) -> Any:
    """JSON of bounded size and depth. Refused with 400 if it is none."""
    try:
        return notation.parse(data)
    except DocumentError as error:
        raise Refused(400, "invalid_json", f"The body cannot be read: {error.problem}") from error
    except ValueError as error:
        raise Refused(400, "invalid_json", f"The body cannot be read: {error}") from error


def _too_large(limit: int) -> Refused:
    return Refused(413, "too_large", f"The body is larger than {size(limit)}.")


def size(limit: int) -> str:
    """A bound, as a person reads it."""
    return f"{limit / 2**20:g} MiB" if limit >= 2**20 else f"{limit / 2**10:g} KiB"
