"""Packs: what this process has of them, read anew when their files change, between two jobs."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

from safelight.compat import node_info
from safelight.compat.shims.pack import Pack, packs_of
from safelight.compat.shims.trust import Trust
from safelight.core.engine import Engine
from safelight.core.error import SafelightError
from safelight.message import Message, Packs, Said, plain
from safelight.worker.device import imported

logger = logging.getLogger("safelight.worker")
INTERVAL = 0.25
"""Seconds between two looks at the files, at least."""
SETTLE = 0.05
"""Seconds that files have to stay as they are before they are read."""
SHARE = 20
"""How much longer than a look the time between two is: there may be thousands of files."""
BUILT_IN = "nodes."
"""How the modules of node types begin that the server knows by itself."""
LOADER = "safelight.compat.shims.loader"
Looks = dict[str, frozenset[tuple[str, int, int]] | None]


def strange_types(engine: Engine) -> dict[str, Any]:
    """The node types that only this process knows, as clients read them."""
    strange = [spec for spec in engine.registry if not spec.module.startswith(BUILT_IN)]
    return {spec.id: node_info(spec, engine.folders.names) for spec in strange}


class PackKeeper:
    """The packs of one worker. `order` has the names of those that changed reloaded when no job runs."""

    def __init__(
        self, engine: Engine, send: Callable[[Message], None], order: Callable[[frozenset[str]], None]
    ) -> None:
        self._engine, self._send, self._order = engine, send, order
        self._seen = self._look()

    def start(self) -> None:
        """Tell what there is, and watch from now on."""
        if LOADER in sys.modules:
            self._adopt()
            self.tell()
        Thread(target=self._watch, name="safelight-packs-watch", daemon=True).start()

    def reload(self, names: frozenset[str]) -> None:
        """Read packs anew and put their node types in place of the old ones; tell what became of it."""
        data, registry, folders = self._engine.folders.data, self._engine.registry, self._engine.folders
        try:
            if LOADER not in sys.modules:
                from safelight.compat.shims.loader import load_packs

                load_packs(data, registry, folders, plan=self._engine.plan)
                self._adopt()
            else:
                self._reload(names)
        except SafelightError as error:
            logger.error("packs cannot be read anew: %s", error)
        self.tell()

    def _reload(self, names: frozenset[str]) -> None:
        from safelight.compat.shims.host import HOST
        from safelight.compat.shims.reload import reload_pack

        folders = self._engine.folders
        for name in sorted(names):
            report = reload_pack(name, folders.data, self._engine.registry, folders)
            logger.info("pack %s: %s %s", name, report.state, report.problem)
            HOST.reports = [one for one in HOST.reports if one.name != name]
            if any(pack.name == name for pack in packs_of(folders.packs)):
                HOST.reports.append(report)

    def tell(self) -> None:
        """Report the packs as they are."""
        from safelight.compat.shims.host import HOST
        from safelight.compat.shims.module.serving import serve

        try:
            served = serve()
        except Exception:
            logger.exception("the routes of packs cannot be served")
            served = None
        reports = sorted((plain(one.as_tree()) for one in HOST.reports), key=lambda one: str(one["name"]))
        where = (served.routes, served.port, served.secret) if served is not None else ([], 0, "")
        self._send(Packs(strange_types(self._engine), reports, *where))

    def turn_to(self, client: str | None) -> None:
        """What packs say from now on is for this client, unless they name another."""
        host = imported("safelight.compat.shims.host")
        if host is not None:
            host.HOST.client = client

    def _adopt(self) -> None:
        """Have what packs say reach the server."""
        from safelight.compat.shims.host import HOST

        HOST.send = lambda event, data, client: self._send(Said(str(event), plain(data), client))

    # -- watching

    def _watch(self) -> None:
        while True:
            began = time.perf_counter()
            now = self._look()
            took = time.perf_counter() - began
            if now != self._seen:
                before, self._seen = self._seen, self._settled(now)
                names = before.keys() | self._seen.keys()
                changed = frozenset(name for name in names if self._seen.get(name) != before.get(name))
                self._order(changed)
            time.sleep(max(INTERVAL, SHARE * took))

    def _settled(self, before: Looks) -> Looks:
        """The files when they are as they were a moment ago: until then, one may be half written."""
        while True:
            time.sleep(SETTLE)
            if (now := self._look()) == before:
                return now
            before = now

    def _look(self) -> Looks:
        """The files of each pack with their times and sizes; None for one that is not allowed."""
        folders = self._engine.folders
        try:
            packs = packs_of(folders.packs)
            trust = Trust.read(folders.data) if packs else Trust()
        except (OSError, SafelightError) as error:
            logger.warning("packs cannot be looked at: %s", error)
            return dict(getattr(self, "_seen", {}))
        return {pack.name: frozenset(_files(pack)) if trust.allows(pack.name) else None for pack in packs}


def _files(pack: Pack) -> Iterator[tuple[str, int, int]]:
    for path in pack.sources():
        found = _stat(path)
        if found is not None:
            yield str(path), found.st_mtime_ns, found.st_size


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
