"""Elsewhere: packs that are there and whose nodes are not, so that an unknown node type can say whose it is.

Their code is looked through for the name, never run. It is not understood either: that would take seconds
with many packs, and this is asked while a person waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from safelight.compat.shims.pack import packs_of
from safelight.compat.shims.trust import Trust

LARGEST = 2**20
"""The most bytes of a file that are looked through."""


class Elsewhere:
    """The packs that lie in folders."""

    def __init__(self, folders: Iterable[Path], trust: Trust) -> None:
        self._folders = tuple(folders)
        self._trust = trust
        self._found: dict[str, tuple[str, bool] | None] = {}

    def pack_of(self, type: str) -> tuple[str, bool] | None:
        """The pack whose code says plainly that it has a node type, and whether it is allowed."""
        if type not in self._found:
            self._found[type] = self._search(type)
        return self._found[type]

    def remedy(self, type: str) -> str:
        """What to do to have a node type; empty if no pack says that it has it."""
        found = self.pack_of(type)
        if found is None:
            return ""
        name, allowed = found
        look = f"`safelight packs show {name}`"
        if allowed:
            return f"The pack '{name}' has it; {look} and the log say why it is not there."
        allow = f"`safelight packs allow {name}`"
        return f"The pack '{name}' has it, and waits to be allowed: {look} says what it does, then {allow}."

    @cached_property
    def _sources(self) -> list[tuple[str, list[bytes]]]:
        """The code of each pack that is not switched off."""
        return [
            (pack.name, [_head(file) for file in pack.sources()])
            for pack in packs_of(self._folders)
            if pack.enabled
        ]

    def _search(self, type: str) -> tuple[str, bool] | None:
        wanted = type.encode(errors="replace")
        name = rb"[\"']" + re.escape(wanted) + rb"[\"']"
        declared = re.compile(name + rb"\s*:|node_id\s*=\s*" + name)
        for pack, sources in self._sources:
            if any(wanted in text and declared.search(text) for text in sources):
                return pack, self._trust.allows(pack)
        return None


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST)
    except OSError:
        return b""
