"""Files that nodes saved and showed: `/view`, and what a model file says of itself."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import struct
from contextlib import suppress
from pathlib import Path

from aiohttp import web
from aiohttp.helpers import content_disposition_header

from safelight.core.error import BadInput
from safelight.core.widget import shown
from server import picture
from server.answer import Refused, reply
from server.file import WholeFile
from server.place import annotated, found, inside, is_plain, plain_kind
from server.state import STATE, State

HEADER_MAX = 100 * 2**20
SHOWN = ("image/", "video/", "audio/", "model/")
PLAIN_TYPES = ("text/plain", "application/json")
ACTIVE = ("image/svg+xml",)
"""Types that a browser would run scripts of: like all that is not known, they are saved rather than shown."""
BINARY = "application/octet-stream"
TYPES = {
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}
"""What browsers play and show; other types are as the machine knows them."""
FORMATS = ("webp", "jpeg")


async def view(request: web.Request) -> web.StreamResponse:
    """`GET /view?filename&type&subfolder&preview&channel`: one file, or a lighter rendering of a picture."""
    path = await asyncio.to_thread(locate, request.app[STATE], dict(request.query))
    headers = {"Cache-Control": "no-cache", "Content-Disposition": _disposition("inline", path.name)}
    if "preview" in request.query:
        format, quality = _preview(request.query["preview"])
        with suppress(picture.TooLarge):  # then it is sent as it is, which costs nothing here
            data = await picture.beside(picture.smaller, path, format, quality)
            return web.Response(body=data, content_type=f"image/{format}", headers=headers)
    channel = request.query.get("channel", "rgba")
    if channel in ("rgb", "a"):
        data = await picture.beside(picture.channel, path, channel)
        return web.Response(body=data, content_type="image/png", headers=headers)
    type, inline = content_type(path)
    if not inline:
        headers["Content-Disposition"] = _disposition("attachment", path.name)
    return WholeFile(path, headers={**headers, "Content-Type": type})


def locate(state: State, said: dict[str, str]) -> Path:
    """The file that `filename`, `subfolder` and `type` name. Refused with 400, 403 or 404."""
    name = said.get("filename", "")
    if not name:
        raise Refused(400, "no_filename", "No filename was given", "Add ?filename=NAME.")
    name, kind = annotated(name, said.get("type") or "output")
    root = state.folders.root(plain_kind(kind))
    subfolder = said.get("subfolder", "").replace("\\", "/").strip()
    if subfolder and not is_plain(subfolder):
        raise Refused(403, "outside", f"The subfolder {shown(subfolder)} leads out of its folder")
    inside(root, name)  # a bad name is told as one, whatever the subfolder
    return found(inside(root, f"{subfolder}/{name}" if subfolder else name))


def content_type(path: Path) -> tuple[str, bool]:
    """The type to send a file with, and whether a browser may show it rather than save it."""
    type = TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or BINARY
    if type in PLAIN_TYPES:
        return f"{type}; charset=utf-8", True
    good = type.startswith(SHOWN) and type not in ACTIVE
    return (type, True) if good else (BINARY, False)


def _preview(text: str) -> tuple[str, int]:
    """`webp;90`: format and quality; anything else is taken as webp at 90."""
    format, _, quality = text.partition(";")
    number = int(quality) if quality.isascii() and quality.isdecimal() and len(quality) < 4 else 90
    return format if format in FORMATS else "webp", min(100, max(1, number))


def _disposition(kind: str, name: str) -> str:
    clean = "".join(letter if letter.isprintable() else "_" for letter in name)
    return content_disposition_header(kind, filename=clean)


async def view_metadata(request: web.Request) -> web.StreamResponse:
    """`GET /view_metadata/{folder}?filename`: what a safetensors file says of itself, else 404."""
    kind, name = request.match_info["folder"], request.query.get("filename", "")
    metadata = await asyncio.to_thread(_metadata, request.app[STATE], kind, name)
    if metadata is None:
        raise Refused(404, "no_metadata", f"{shown(name)} in {shown(kind)} says nothing of itself")
    return reply(metadata)


def _metadata(state: State, kind: str, name: str) -> dict[str, object] | None:
    if not name.endswith(".safetensors") or kind not in state.catalogue.kinds():
        return None
    try:
        with state.folders.find(kind, name).open("rb") as stream:
            (size,) = struct.unpack("<Q", stream.read(8))
            header = json.loads(stream.read(size)) if size <= HEADER_MAX else {}
    except (OSError, ValueError, struct.error, RecursionError, BadInput):
        return None
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    return metadata if isinstance(metadata, dict) else None


ROUTES = (
    web.get("/view", view),
    web.get("/view_metadata/{folder}", view_metadata),
)
