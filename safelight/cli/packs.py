"""`safelight packs`: the packs of a data folder, what is in them, and which may run."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from safelight import home
from safelight.cli.outcome import DONE
from safelight.cli.speech import paint
from safelight.cli.table import table
from safelight.compat.shims.pack import Pack, packs_of
from safelight.compat.shims.reading import Reading, read
from safelight.compat.shims.requirement import conflicts, missing
from safelight.compat.shims.trust import Trust
from safelight.core.error import SafelightError
from safelight.core.widget import nearest

PLACES = 8
"""How many places of each kind of access are shown."""


def main(args: Namespace) -> int:
    """List packs, show one, allow some or take that back."""
    data = home.locate(args.data)
    folders = [data / "custom_nodes", *home.adopted(data).packs]
    packs, trust = packs_of(folders), Trust.read(data)
    if args.action == "show":
        for name in args.names or [pack.name for pack in packs]:
            _print(_page(_find(packs, name), trust))
    elif args.action in ("allow", "forbid"):
        names = [_find(packs, name).name for name in args.names]
        if not names:
            raise SafelightError("no pack is named", remedy=f"Write `safelight packs {args.action} NAME`.")
        (trust.allow if args.action == "allow" else trust.forbid)(names)
        print(f"{', '.join(names)}: {'allowed' if args.action == 'allow' else 'not allowed any more'}.")
    else:
        _print(_list(packs, trust, folders))
    return DONE


def _find(packs: list[Pack], name: str) -> Pack:
    found = next((pack for pack in packs if pack.name == name), None)
    if found is None:
        raise SafelightError(
            f"there is no pack '{name}'", remedy=nearest(name, [pack.name for pack in packs])
        )
    return found


def _list(packs: list[Pack], trust: Trust, folders: list[Path]) -> Iterator[str]:
    """A line for each pack."""
    if not packs:
        yield f"There are no packs in {', '.join(map(str, folders))}."
        return
    rows = [(pack.name, _state(pack, trust), ", ".join(read(pack).accesses) or "nothing") for pack in packs]
    yield from table(("pack", "state", "could reach"), rows)


def _state(pack: Pack, trust: Trust) -> str:
    if not pack.enabled:
        return "switched off"
    return "allowed" if trust.allows(pack.name) else "waits for `allow`"


def _page(pack: Pack, trust: Trust) -> Iterator[str]:
    """Everything that is known of a pack without running it."""
    reading = read(pack)
    yield f"{paint(pack.name, 'bold')}  {_state(pack, trust)}  {pack.path}"
    if reading.nodes:
        yield f"  nodes: {', '.join(reading.nodes)}"
    yield from (f"  conflict: {clash}" for clash in conflicts(pack.path))
    lacking = missing(pack.path)
    if lacking:
        yield f"  not installed: {', '.join(lacking)}"
    yield from _accesses(reading)
    yield from (f"  cannot be read: {text}" for text in reading.unreadable)


def _accesses(reading: Reading) -> Iterator[str]:
    if not reading.findings:
        yield "  its code reaches for no network, program or file that can be seen in it"
    for access, found in groupby(
        sorted(reading.findings, key=lambda one: one.access), lambda one: one.access
    ):
        places = list(found)
        yield f"  {access}:"
        yield from (f"    {one.what}  {one.file}:{one.line}" for one in places[:PLACES])
        if len(places) > PLACES:
            yield f"    and {len(places) - PLACES} more"


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        print(line)
