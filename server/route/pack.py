"""Packs: which there are, what became of each, what its code could do; and a person's word that it may."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

from aiohttp import web

from safelight.compat.shims.pack import Pack, packs_of
from safelight.compat.shims.reading import Reading
from safelight.compat.shims.reading import read as read_pack
from safelight.compat.shims.trust import Trust
from server.answer import Refused, reply
from server.bound import read_object
from server.schema import Means, read
from server.state import STATE, State


@dataclass(frozen=True)
class FindingTold:
    """One place of a pack's code that could reach out."""

    access: Annotated[str, Means("`network`, `programs`, `files`, `code` or `installs`.")]
    what: str
    file: str
    line: int


@dataclass(frozen=True)
class PackTold:
    """One pack. What it says of itself was read, not run."""

    name: str
    state: Annotated[str, Means("`loaded`, `broken`, `conflict`, `off`, `waiting` (to be allowed) or `new`.")]
    allowed: bool
    nodes: Annotated[list[str], Means("The node types that it gave, or says that it has.")]
    failures: Annotated[dict[str, str], Means("Node types that cannot be used, each with why.")]
    problem: str
    remedy: str
    traceback: str
    notices: list[str]
    seconds: Annotated[float, Means("How long it took to load.")]
    findings: list[FindingTold]
    unreadable: Annotated[list[str], Means("Files that could not be read, each with why.")]


@dataclass(frozen=True)
class PacksTold:
    """All packs, of the data folder and of adopted ones."""

    packs: list[PackTold]


@dataclass(frozen=True)
class Allowance:
    """Packs that may run from now on, and such that may not from the worker's next start."""

    allow: Annotated[list[str], Means("Names of packs.")] = field(default_factory=list)
    forbid: Annotated[list[str], Means("Names of packs.")] = field(default_factory=list)


async def listing(request: web.Request) -> web.StreamResponse:
    """`GET /safelight/packs`."""
    return reply(asdict(await asyncio.to_thread(_listing, request.app[STATE])))


async def allow(request: web.Request) -> web.StreamResponse:
    """`POST /safelight/packs`: allow or forbid packs. The worker loads what was allowed between two jobs."""
    wanted = read(Allowance, await read_object(request))
    state = request.app[STATE]
    async with state.turn:
        await asyncio.to_thread(_allow, state, wanted)
    return reply(asdict(await asyncio.to_thread(_listing, state)))


def _allow(state: State, wanted: Allowance) -> None:
    names = {pack.name for pack in packs_of(state.folders.packs)}
    strange = sorted(set(wanted.allow) - names)
    if strange:
        raise Refused(
            404, "no_such_pack", f"There is no pack {strange[0][:200]!r}", "See GET /safelight/packs."
        )
    trust = Trust.read(state.data)
    if wanted.allow:
        trust.allow(wanted.allow)
    if wanted.forbid:
        trust.forbid(wanted.forbid)


def _listing(state: State) -> PacksTold:
    trust = Trust.read(state.data)
    reports = state.packs.reports()
    found = packs_of(state.folders.packs)
    return PacksTold([_told(pack, trust.allows(pack.name), reports.get(pack.name, {})) for pack in found])


def _told(pack: Pack, allowed: bool, report: dict[str, Any]) -> PackTold:
    reading = _read(pack)
    return PackTold(
        pack.name,
        str(report.get("state") or ("new" if allowed else "waiting")),
        allowed,
        list(report.get("nodes") or reading.nodes),
        dict(report.get("failures") or {}),
        str(report.get("problem", "")),
        str(report.get("remedy", "")),
        str(report.get("traceback", "")),
        list(report.get("notices") or ()),
        float(report.get("seconds") or 0.0),
        [FindingTold(one.access, one.what, one.file, one.line) for one in reading.findings],
        list(reading.unreadable),
    )


def _read(pack: Pack) -> Reading:
    try:
        return read_pack(pack)
    except OSError as error:
        return Reading((), (), (f"{pack.name}: {error}",))


ROUTES = (web.get("/safelight/packs", listing), web.post("/safelight/packs", allow))
