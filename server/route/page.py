"""The page at `/`: the editor where it is built, ComfyUI's front end where that was asked for, else ours."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

import safelight
from server.login import remember
from server.state import STATE

PLAIN = Path(__file__).parent.parent / "page"
PACKAGE = Path(safelight.__file__).parent


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
    return web.FileResponse(
        place(state.options.front_end) / "index.html", headers={"Cache-Control": "no-cache"}
    )


ROUTES = (web.get("/", index),)
