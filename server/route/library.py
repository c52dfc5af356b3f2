"""Library: the model files as a person sees them, and models that are fetched from the hub."""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any
from urllib.parse import quote

from aiohttp import web

from safelight.core.folder import Folders
from safelight.model import ModelFile, models
from server.answer import Refused, reply
from server.bound import parse, read_body
from server.fetching import FetchTold
from server.schema import Means, read
from server.state import STATE

REPOSITORY = r"^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$"
PLAIN = r"^([A-Za-z0-9_][A-Za-z0-9._ -]*)?$"


@dataclass(frozen=True)
class ModelTold:
    """One model file. Texts are empty where nothing is known."""

    kind: Annotated[str, Means("The folder below `models`.")]
    name: Annotated[str, Means("As nodes name it.")]
    size: Annotated[int, Means("In bytes.")]
    family: Annotated[str, Means("`Stable Diffusion XL`, `Flux`, ...")]
    variant: str
    precision: Annotated[str, Means("`fp16`, `fp8`, ...")]
    title: str
    triggers: Annotated[list[str], Means("Words that call what a LoRA has learnt.")]
    problem: Annotated[str, Means("Why it cannot be used.")]
    picture: Annotated[str, Means("Where a small picture of it is; empty where there is none.")]


@dataclass(frozen=True)
class LibraryTold:
    """The models that there are, and those that are on their way."""

    models: list[ModelTold]
    fetches: list[FetchTold]


@dataclass(frozen=True)
class FetchRequest:
    """What to fetch from the Hugging Face hub."""

    repository: Annotated[str, Means("OWNER/NAME.", pattern=REPOSITORY, maxLength=200)]
    file: Annotated[str, Means("One file of it; empty for a whole diffusers repository.", maxLength=300)] = ""
    kind: Annotated[str, Means("The folder below `models`; empty to tell it by the file.", pattern=PLAIN)] = (
        ""
    )


@dataclass(frozen=True)
class FetchesTold:
    """The models that are on their way, or arrived since the server began."""

    fetches: list[FetchTold] = field(default_factory=list)


async def library(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/models`: every model with its family, size and picture."""
    state = request.app[STATE]
    found = await asyncio.to_thread(_found, state.folders)
    return reply(asdict(LibraryTold(found, state.fetching.told())))


def _found(folders: Folders) -> list[ModelTold]:
    return [_told(folders, one) for one in models(folders)]


def _told(folders: Folders, one: ModelFile) -> ModelTold:
    tree: dict[str, Any] = one.as_tree()
    tree["picture"] = _picture(folders, one)
    return ModelTold(**{name: tree[name] for name in ModelTold.__dataclass_fields__})


def _picture(folders: Folders, one: ModelFile) -> str:
    if one.thumbnail is None:
        return ""
    roots = folders.roots(one.kind)
    index = next((place for place, root in enumerate(roots) if one.path.is_relative_to(root)), 0)
    return f"/experiment/models/preview/{quote(one.kind, safe='')}/{index}/{quote(one.name)}"


async def fetch(request: web.Request) -> web.StreamResponse:
    """`POST /safelight/models/fetch`: begin to fetch a model; `GET` of the same tells how far it is."""
    state = request.app[STATE]
    asked = read(FetchRequest, await asyncio.to_thread(parse, await read_body(request)))
    if not re.fullmatch(REPOSITORY, asked.repository) or not re.fullmatch(PLAIN, asked.kind):
        raise Refused(400, "bad_name", "This is no name of a repository or a folder", "Write OWNER/NAME.")
    state.fetching.begin(state.folders.data / "models", asked.repository, asked.file, asked.kind)
    return reply(asdict(FetchesTold(state.fetching.told())))


async def fetches(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/models/fetch`: the models that are on their way."""
    return reply(asdict(FetchesTold(request.app[STATE].fetching.told())))


ROUTES = (
    web.get("/safelight/models", library),
    web.get("/safelight/models/fetch", fetches),
    web.post("/safelight/models/fetch", fetch),
)
