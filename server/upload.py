"""Upload: a form with one file, streamed to disk within bounds, and put under a name of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar
from uuid import uuid4

from aiohttp import BodyPartReader, web

from safelight.core.widget import shown
from server import bound
from server.answer import Refused
from server.place import drop, inside, naming, plain_kind, take_name
from server.state import State

T = TypeVar("T")
CHUNK = 2**18
FIELD = 2**16
FIELDS = 20
COPIES = 10_000


class Sent(NamedTuple):
    """What a form brought: its texts, and its file as a draft."""

    texts: Mapping[str, str]
    name: str
    draft: Path
    digest: bytes


@dataclass(frozen=True)
class Placed:
    """Where a file went, as clients name it."""

    name: str
    subfolder: str
    type: str


async def receive(request: web.Request, folder: Path) -> Sent:
    """Read a form whose file is the field `image`; the draft is in `folder`. Refused with a 4xx else."""
    if request.content_type != "multipart/form-data":
        raise Refused(415, "not_a_form", "Send multipart/form-data with the file as 'image'.")
    if request.content_length is not None and request.content_length > bound.UPLOAD:
        raise _too_large()
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    draft = folder / f".upload.{uuid4().hex}.part"
    try:
        return await _read(request, draft)
    except BaseException as error:
        drop(draft)
        if isinstance(error, (ValueError, AssertionError, web.RequestPayloadError)):
            raise Refused(400, "bad_form", "The form cannot be read", str(error)[:200]) from error
        raise


async def _read(request: web.Request, draft: Path) -> Sent:
    texts: dict[str, str] = {}
    name, digest = "", b""
    reader = await request.multipart()
    while (part := await _patiently(reader.next())) is not None:
        if not isinstance(part, BodyPartReader) or len(texts) >= FIELDS:
            raise Refused(400, "bad_form", "The form has too many fields, or forms inside it")
        if part.name == "image" and part.filename is not None and not name:
            name = part.filename
            digest = await _stream(part, draft)
        else:
            texts[part.name or ""] = await _text(part)
    if not name:
        raise Refused(400, "no_file", "The form has no file called 'image'")
    return Sent(texts, name, draft, digest)


async def _stream(part: BodyPartReader, draft: Path) -> bytes:
    digest, room = sha256(), bound.UPLOAD
    with await asyncio.to_thread(draft.open, "wb") as stream:
        while chunk := await _patiently(part.read_chunk(CHUNK)):
            room -= len(chunk)
            if room < 0:
                raise _too_large()
            digest.update(chunk)
            await asyncio.to_thread(stream.write, chunk)
    return digest.digest()


async def _text(part: BodyPartReader) -> str:
    text = b""
    while chunk := await _patiently(part.read_chunk(FIELD)):
        text += chunk
        if len(text) > FIELD:
            raise Refused(413, "too_large", f"The field {shown(part.name)} is too long")
    return text.decode("utf-8", "replace")


async def _patiently(reading: Awaitable[T]) -> T:
    """What is read, unless the client falls silent."""
    try:
        async with asyncio.timeout(bound.SILENCE):
            return await reading
    except TimeoutError:
        raise Refused(408, "too_slow", f"Nothing came for {bound.SILENCE:.0f} s.") from None


def _too_large() -> Refused:
    return Refused(413, "too_large", f"The file is larger than {bound.size(bound.UPLOAD)}.")


def put(state: State, sent: Sent, *, data: bytes | None = None) -> Placed:
    """Put the file where the form says, and say where that is; `data` is kept instead of it, if given."""
    try:
        with naming(sent.name):
            return _put(state, sent, data)
    finally:
        drop(sent.draft)


def _put(state: State, sent: Sent, data: bytes | None) -> Placed:
    kind = plain_kind(sent.texts.get("type") or "input")
    root = state.folders.root(kind)
    subfolder = sent.texts.get("subfolder", "").replace("\\", "/")
    wanted = inside(root, f"{subfolder.rstrip('/')}/{sent.name}" if subfolder else sent.name)
    digest = sent.digest
    if data is not None:
        sent.draft.write_bytes(data)
        digest = sha256(data).digest()
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with _nearby(sent.draft, wanted.parent) as draft:
        if sent.texts.get("overwrite") in ("true", "1"):
            draft.replace(wanted)
        else:
            wanted = _free(wanted, draft, digest)
    place = wanted.parent.relative_to(os.path.realpath(root)).as_posix()
    return Placed(wanted.name, "" if place == "." else place, kind)


@contextlib.contextmanager
def _nearby(draft: Path, folder: Path) -> Iterator[Path]:
    """The draft in the folder where it will stay, which may be on another disk: there it can be renamed."""
    near = folder / draft.name
    try:
        shutil.move(draft, near)
        yield near
    finally:
        drop(near)


def _free(wanted: Path, draft: Path, digest: bytes) -> Path:
    """Move the draft to a name that is free, or find the same content under one that is not."""
    for number in range(COPIES):
        path = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}") if number else wanted
        if take_name(draft, path):
            return path
        if path.is_file() and _digest(path) == digest:
            return path
    raise Refused(409, "name_taken", f"There are too many files called {shown(wanted.name)}")


def _digest(path: Path) -> bytes:
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(2**20):
            digest.update(chunk)
    return digest.digest()
