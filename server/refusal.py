"""Refusal: the answer that an error means, whichever route it left; and which answers any route can have."""

from __future__ import annotations

import logging
import sqlite3

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from safelight.core.error import SafelightError
from server import bound, guard
from server.answer import Refused, refuse
from server.bound import NO_ROOM, NO_WAY
from server.job import StoreFull
from server.job.record import StoreClosed

logger = logging.getLogger("safelight.server")

ANYWHERE = (400, 503)
"""What `refusal` makes of errors that any route can meet."""
CHANGING = (507,)
"""What it makes of those that only a route can meet that keeps something."""


def refusals(method: str, *, body: bool) -> set[int]:
    """The statuses with which any route can refuse, before and beside what it says itself."""
    found = {*guard.STATUSES, *ANYWHERE}
    found |= {*bound.STATUSES} if body else set()
    return found | ({*CHANGING} if method != "get" else set())


def refusal(error: Exception) -> web.Response | None:
    """The answer that an error means; None if it is a mistake of ours."""
    match error:
        case Refused():
            return error.response()
        case StoreFull():
            return refuse(507, error.kind, "It cannot be kept", str(error))
        case StoreClosed():
            return refuse(503, error.kind, "The server is ending", str(error))
        case SafelightError():
            return refuse(400, error.kind, str(error))
        case sqlite3.Error():
            logger.warning("the job store cannot be used: %s", error)
            return refuse(503, "store_unavailable", "The jobs cannot be used now", f"{error}. Try again.")
        case HttpProcessingError():
            return refuse(400, "bad_request", "The request cannot be understood", error.message[:200])
        case OSError(errno=number) if number in NO_ROOM:
            return refuse(
                507, "disk_full", "The disk is full, so nothing was kept", "Make room and try again."
            )
        case OSError(errno=number, strerror=problem) if number in NO_WAY:
            logger.warning("the files of the data folder cannot be used: %s", error)
            remedy = "See whose its data folder is, and whether it can be written."
            return refuse(503, "files_unavailable", f"The server cannot use its files: {problem}", remedy)
    return None
