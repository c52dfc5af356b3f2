"""Files of the user: workflows and whatever else an editor keeps, under `user/default`."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import web

from safelight.core.widget import shown
from server.answer import Refused, reply
from server.bound import read_body
from server.file import WholeFile
from server.place import drop, found, inside, naming, take_name
from server.state import STATE, State

TRUE = ("true", "1")
DRAFT = re.compile(r"\.[0-9a-f]{32}\.part")
"""The names of files that are just being written."""


async def listing(request: web.Request) -> web.StreamResponse:
    """`GET /userdata?dir&recurse&full_info&split`: the files of a folder."""
    query, state = request.query, request.app[STATE]
    if not query.get("dir"):
        raise Refused(400, "no_dir", "No folder was named", "Add ?dir=NAME.")
    recurse, full = query.get("recurse") in TRUE, query.get("full_info") in TRUE
    split = query.get("split") in TRUE and not full
    return reply(await asyncio.to_thread(_list, state, query["dir"], recurse, full, split))


def _list(state: State, folder: str, recurse: bool, full: bool, split: bool) -> list[Any]:
    root = _folder(state, folder)
    names = [path.relative_to(root).as_posix() for path in _files(root, recurse)]
    if full:
        return [told for name in names if (told := _told(root / name, name)) is not None]
    return [[name, *name.split("/")] for name in names] if split else names


def _folder(state: State, name: str) -> Path:
    root = state.user if name.strip("/") in ("", ".") else inside(state.user, name)
    if not root.is_dir():
        raise Refused(404, "no_such_folder", f"There is no folder {shown(name)}")
    return root


def _files(root: Path, recurse: bool) -> Iterator[Path]:
    """The files below a folder, in order; links are left out."""
    for path in sorted(root.rglob("*") if recurse else root.iterdir()):
        if path.is_file() and not path.is_symlink() and not DRAFT.fullmatch(path.name):
            yield path


def _told(path: Path, name: str) -> dict[str, Any] | None:
    """A file in full; None if it has gone meanwhile."""
    try:
        stat = path.stat()
    except OSError:
        return None
    times = {"modified": int(stat.st_mtime * 1000), "created": int(stat.st_ctime * 1000)}
    return {"path": name, "size": stat.st_size, **times}


async def tree(request: web.Request) -> web.StreamResponse:
    """`GET /v2/userdata?path`: folders and files below a path, folders first."""
    return reply(await asyncio.to_thread(_tree, request.app[STATE], request.query.get("path", "")))


def _tree(state: State, name: str) -> list[dict[str, Any]]:
    if name.strip("/") in ("", "."):
        state.user.mkdir(parents=True, exist_ok=True)
    root, top = _folder(state, name), Path(os.path.realpath(state.user))
    paths = [path for path in root.rglob("*") if not path.is_symlink() and not DRAFT.fullmatch(path.name)]
    paths.sort(key=lambda path: (path.is_file(), path))
    entries = (_entry(path, path.relative_to(top).as_posix()) for path in paths)
    return [entry for entry in entries if entry is not None]


def _entry(path: Path, name: str) -> dict[str, Any] | None:
    """A file or folder in short; None if it has gone meanwhile."""
    entry: dict[str, Any] = {"name": path.name, "path": name}
    if path.is_dir():
        return {**entry, "type": "directory"}
    try:
        stat = path.stat()
    except OSError:
        return None
    return {**entry, "type": "file", "size": stat.st_size, "modified": stat.st_mtime}


async def read(request: web.Request) -> web.StreamResponse:
    """`GET /userdata/{file}`: one file as it is; a browser never takes it for a page."""
    path = await asyncio.to_thread(lambda: found(_file(request, "file")))
    type = "application/json" if path.suffix == ".json" else "application/octet-stream"
    return WholeFile(path, headers={"Content-Type": type, "Cache-Control": "no-cache"})


async def write(request: web.Request) -> web.StreamResponse:
    """`POST /userdata/{file}`: keep the body as a file; 409 if it is there and `overwrite=false`."""
    path = _file(request, "file")
    data = await read_body(request)
    overwrite = request.query.get("overwrite") != "false"
    await asyncio.to_thread(_write, path, data, overwrite)
    return reply(_answer(request, path))


def _write(path: Path, data: bytes, overwrite: bool) -> None:
    draft = path.with_name(f".{uuid4().hex}.part")
    try:
        with naming(path.name):
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            _move(draft, path, overwrite)
    finally:
        drop(draft)


def _move(source: Path, target: Path, overwrite: bool) -> None:
    if overwrite:
        source.replace(target)
    elif not take_name(source, target):
        raise Refused(409, "exists", f"There is a file {shown(target.name)} already")


async def delete(request: web.Request) -> web.StreamResponse:
    """`DELETE /userdata/{file}`."""
    path = _file(request, "file")
    await asyncio.to_thread(lambda: found(path).unlink(missing_ok=True))
    return web.Response(status=204)


async def move(request: web.Request) -> web.StreamResponse:
    """`POST /userdata/{file}/move/{dest}`: give a file another name; 409 as for writing."""
    source, target = _file(request, "file"), _file(request, "dest")
    overwrite = request.query.get("overwrite") != "false"
    await asyncio.to_thread(_rename, source, target, overwrite)
    return reply(_answer(request, target))


def _rename(source: Path, target: Path, overwrite: bool) -> None:
    found(source)
    with naming(target.name):
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(source, target, overwrite)


def _file(request: web.Request, part: str) -> Path:
    path = inside(request.app[STATE].user, request.match_info[part])
    if path == Path(os.path.realpath(request.app[STATE].user)):
        raise Refused(400, "bad_name", "No file was named")
    return path


def _answer(request: web.Request, path: Path) -> Any:
    name = path.relative_to(os.path.realpath(request.app[STATE].user)).as_posix()
    return (_told(path, name) if request.query.get("full_info") in TRUE else None) or name


ROUTES = (
    web.get("/userdata", listing),
    web.get("/v2/userdata", tree),
    web.post("/userdata/{file}/move/{dest}", move),
    web.get("/userdata/{file}", read),
    web.post("/userdata/{file}", write),
    web.delete("/userdata/{file}", delete),
)
