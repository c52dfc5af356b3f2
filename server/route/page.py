"""The page at `/`: the editor where it is built, ComfyUI's front end where that was asked for, else ours."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

import safelight
from server.login import remember
from server.place import found, inside
from server.state import STATE, State

PLAIN = Path(__file__).parent.parent / "page"
PACKAGE = Path(safelight.__file__).parent
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HASHED = "public, max-age=31536000, immutable"
"""For files under `assets`, whose names change with their content."""


def place(front_end: Path | None) -> Path:
    """The folder whose `index.html` is served."""
    if front_end is not None:
        return front_end
    built = (PACKAGE / "web", PACKAGE.parent / "web" / "dist")
    return next((folder for folder in built if (folder / "index.html").is_file()), PLAIN)


async def index(request: web.Request) -> web.StreamResponse:
    """`GET /`."""
    state = request.app[STATE]
    if "token" in request.query and state.guard.token is not None:
        return remember(request)
    return _file(request, "index.html", "no-cache")


async def asset(request: web.Request) -> web.StreamResponse:
    """`GET /...`: a file of the page."""
    name = request.match_info["name"]
    return await asyncio.to_thread(_file, request, name, HASHED if name.startswith("assets/") else "no-cache")


def _file(request: web.Request, name: str, cache: str) -> web.FileResponse:
    state = request.app[STATE]
    front_end = state.options.front_end
    path = found(_of_pack(state, name) or inside(place(front_end), name))
    headers = {"Cache-Control": cache}
    if front_end is None:  # ComfyUI's own runs code that it makes from text
        headers["Content-Security-Policy"] = POLICY
    return web.FileResponse(path, headers=headers)


def _of_pack(state: State, name: str) -> Path | None:
    """A file of a pack's page scripts: for ComfyUI's front end alone, whose pages run such code."""
    first, _, rest = name.partition("/")
    pack, _, inner = rest.partition("/")
    folder = (
        state.packs.web_folders().get(pack) if state.options.front_end and first == "extensions" else None
    )
    return None if folder is None else inside(folder, inner)


ROUTES = (
    web.get("/", index),
    web.get("/{name:.+}", asset),
)
