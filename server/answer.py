"""Answers: JSON bodies, and errors in the shape that ComfyUI's clients read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

JSON = "application/json"


def reply(tree: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer; NaN is never emitted."""
    return reply_text(dump(tree), status, headers)


def reply_text(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer of text that is JSON already."""
    return web.Response(text=text, status=status, headers=headers, content_type=JSON, charset="utf-8")


def refuse(
    status: int, type: str, message: str, details: str = "", extra: Mapping[str, Any] | None = None
) -> web.Response:
    """An error answer: `{error: {type, message, details, extra_info}, node_errors: {}}`."""
    error = {"type": type, "message": message, "details": details, "extra_info": dict(extra or {})}
    return reply({"error": error, "node_errors": {}}, status)


class Refused(Exception):
    """Raised anywhere below a route: ends the request with `refuse(...)`."""

    def __init__(self, status: int, type: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.message = message
        self.details = details

    def response(self) -> web.Response:
        """The answer that this means."""
        return refuse(self.status, self.type, self.message, self.details)


def dump(tree: Any) -> str:
    """A tree as JSON text, in which NaN and infinities are null."""
    try:
        return dump_exactly(tree)
    except ValueError:
        from safelight.compat.notation import Notation

        return Notation(indent=None, spaced=False, ascii=True).write(tree)


def dump_exactly(tree: Any) -> str:
    """The same; ValueError for NaN and infinities, which JSON cannot say."""
    return json.dumps(tree, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
