"""Models: which files there are, and a picture of each where one lies beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web

from safelight.core.error import BadInput
from safelight.core.folder import PICTURES, WEIGHTS
from safelight.core.widget import nearest, shown
from server import picture
from server.answer import Refused, reply
from server.parameter import whole
from server.place import found, inside
from server.state import STATE, State


async def embeddings(request: web.Request) -> web.StreamResponse:
    """`GET /embeddings`: the names to write as `embedding:NAME`."""
    names = await asyncio.to_thread(request.app[STATE].folders.names, "embeddings")
    return reply([name.rpartition(".")[0] or name for name in names])


async def kinds(request: web.Request) -> web.StreamResponse:
    """`GET /models`: the kinds of model files."""
    return reply(await asyncio.to_thread(request.app[STATE].catalogue.kinds))


async def names(request: web.Request) -> web.StreamResponse:
    """`GET /models/{folder}`: the files of a kind."""
    state, kind = request.app[STATE], await _kind(request)
    return reply(await asyncio.to_thread(state.folders.names, kind))


async def folders(request: web.Request) -> web.StreamResponse:
    """`GET /experiment/models`: the kinds with their folders."""
    state = request.app[STATE]
    known = await asyncio.to_thread(state.catalogue.kinds)
    extensions = sorted(WEIGHTS)
    return reply(
        [
            {"name": kind, "folders": list(map(str, state.folders.roots(kind))), "extensions": extensions}
            for kind in known
        ]
    )


async def files(request: web.Request) -> web.StreamResponse:
    """`GET /experiment/models/{folder}`: the files of a kind with size and dates."""
    state, kind = request.app[STATE], await _kind(request)
    return reply(
        await asyncio.to_thread(lambda: [_told(state, kind, name) for name in state.folders.names(kind)])
    )


def _told(state: State, kind: str, name: str) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "pathIndex": 0, "modified": 0.0, "created": 0.0, "size": 0}
    try:
        path = state.folders.find(kind, name)
        stat = path.stat()
    except (BadInput, OSError):
        return told
    roots = state.folders.roots(kind)
    index = next((place for place, root in enumerate(roots) if path.is_relative_to(root)), 0)
    size = stat.st_size if path.is_file() else _weight(path)
    return {**told, "pathIndex": index, "modified": stat.st_mtime, "created": stat.st_ctime, "size": size}


def _weight(folder: Path) -> int:
    """The bytes of a model that is a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


async def preview(request: web.Request) -> web.StreamResponse:
    """`GET /experiment/models/preview/{folder}/{path_index}/{file}`: a small picture of a model, else 404."""
    state, kind = request.app[STATE], await _kind(request)
    index = whole(request.match_info, "index") or 0
    roots = state.folders.roots(kind)
    if index >= len(roots):
        raise Refused(404, "no_such_folder", f"{shown(kind)} has no folder {index}")
    data = await picture.beside(_preview, roots[index], request.match_info["file"])
    return web.Response(body=data, content_type="image/webp", headers={"Cache-Control": "max-age=60"})


def _preview(root: Path, name: str) -> bytes:
    path = inside(root, name)
    for ending in ("", ".preview"):
        for extension in sorted(PICTURES):
            beside = path.with_name(f"{path.stem}{ending}{extension}")
            if beside.is_file():
                return picture.thumbnail(inside(root, str(beside.relative_to(Path(root).resolve()))))
    return picture.thumbnail(found(path.with_name(f"{path.stem}.png")))


async def _kind(request: web.Request) -> str:
    """The kind in the address; Refused with 404 if there is none."""
    kind = request.match_info["folder"]
    known = await asyncio.to_thread(request.app[STATE].catalogue.kinds)
    if kind not in known:
        raise Refused(
            404, "no_such_folder", f"There is no kind of models {shown(kind)}", nearest(kind, known)
        )
    return kind


ROUTES = (
    web.get("/embeddings", embeddings),
    web.get("/models", kinds),
    web.get("/models/{folder}", names),
    web.get("/experiment/models", folders),
    web.get("/experiment/models/{folder}", files),
    web.get("/experiment/models/preview/{folder}/{index}/{file:.+}", preview),
)
