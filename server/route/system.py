"""The system: what this server is, what it runs on, and what it can do."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import platform
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

import safelight
from safelight.compat.replacement import REPLACEMENTS, Replacement
from server.answer import Refused, reply
from server.bound import UPLOAD
from server.hub import FEATURES
from server.pool.protocol import WorkerInfo
from server.state import STATE

logger = logging.getLogger("safelight.server")
SPOKEN = "0.33.0"
"""The version of ComfyUI whose API this is: clients compare it with what they need."""


async def stats(request: web.Request) -> web.StreamResponse:
    """`GET /system_stats`: the machine, the versions and the devices."""
    state = request.app[STATE]
    workers = state.pool.workers()
    free, total = memory()
    system = {
        "os": sys.platform,
        "ram_total": next((worker.memory for worker in workers if worker.memory), total),
        "ram_free": free,
        "comfyui_version": SPOKEN,
        "safelight_version": safelight.__version__,
        "required_frontend_version": None,
        "installed_templates_version": None,
        "required_templates_version": None,
        "python_version": sys.version,
        "pytorch_version": next((worker.torch for worker in workers if worker.torch), ""),
        "embedded_python": False,
        "deploy_environment": "local",
        "argv": list(state.options.arguments),
        "machine": platform.machine(),
    }
    return reply({"system": system, "devices": _devices(workers)})


def _devices(workers: list[WorkerInfo]) -> list[dict[str, Any]]:
    """Each device once, as the worker that knows it says; the processor while none has told yet."""
    found: dict[str, dict[str, Any]] = {}
    for worker in workers:
        for device in worker.devices:
            found.setdefault(str(device.get("name")), dict(device))
    memories = ("vram_total", "vram_free", "torch_vram_total", "torch_vram_free")
    empty = {"name": "cpu", "type": "cpu", "index": 0, **dict.fromkeys(memories, 0)}
    return [{**empty, **device} for device in found.values()] or [empty]


def memory() -> tuple[int, int]:
    """Free and whole memory of the machine in bytes; zeros where the system does not say."""
    said: dict[str, int] = {}
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            said[name] = int(rest.split()[0]) * 1024
    total = said.get("MemTotal", 0)
    if not total and hasattr(os, "sysconf"):
        with suppress(ValueError, OSError):
            total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return said.get("MemAvailable", 0), total


async def features(_request: web.Request) -> web.StreamResponse:
    """`GET /features`: what this server can do of what clients ask after."""
    return reply({**FEATURES, "max_upload_size": UPLOAD})


async def extensions(request: web.Request) -> web.StreamResponse:
    """`GET /extensions`: scripts that a front end of ComfyUI is to load."""
    state = request.app[STATE]
    root = state.options.front_end
    if root is None:  # our editor runs no code of packs
        return reply([])
    return reply(await asyncio.to_thread(_scripts, root, state.packs.web_folders()))


def _scripts(root: Path, packs: Mapping[str, Path]) -> list[str]:
    found = [f"/{path.relative_to(root).as_posix()}" for path in sorted(root.glob("extensions/**/*.js"))]
    for pack, folder in packs.items():
        for path in sorted(folder.glob("**/*.js")):
            found.append(f"/extensions/{quote(pack)}/{quote(path.relative_to(folder).as_posix())}")
    return found


async def translations(request: web.Request) -> web.StreamResponse:
    """`GET /i18n`: translations that packs bring, by language."""
    return reply(await asyncio.to_thread(_translations, request.app[STATE].packs.folders()))


def _translations(packs: Mapping[str, Path]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pack, folder in packs.items():
        for path in sorted((folder / "locales").glob("*/*.json")):
            try:
                tree = json.loads(path.read_bytes())
            except (OSError, ValueError) as error:
                logger.warning("a translation of the pack %s cannot be read: %s", pack, error)
                continue
            if isinstance(tree, dict):
                tree = tree if path.stem == "main" else {path.stem: tree}
                _merge(found.setdefault(path.parent.name, {}), tree)
    return found


def _merge(into: dict[str, Any], tree: Mapping[str, Any]) -> None:
    for name, value in tree.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value


async def replacements(request: web.Request) -> web.StreamResponse:
    """`GET /node_replacements`: node types that were given up, and what does their work now."""
    registry = request.app[STATE].registry
    return reply({one.old: [_replacement(one)] for one in REPLACEMENTS if one.new in registry})


def _replacement(one: Replacement) -> dict[str, Any]:
    renamed = [{"new_id": new, "old_id": old} for old, new in one.renamed.items()]
    fixed = [{"new_id": name, "set_value": value} for name, value in one.fixed.items()]
    return {
        "new_node_id": one.new,
        "old_node_id": one.old,
        "old_widget_ids": list(one.widgets),
        "input_mapping": [*renamed, *fixed],
        "output_mapping": [{"new_idx": 0, "old_idx": 0}],
    }


async def users(_request: web.Request) -> web.StreamResponse:
    """`GET /users`: there is one."""
    return reply({"storage": "server", "migrated": True})


async def add_user(_request: web.Request) -> web.StreamResponse:
    """`POST /users`: there is only one."""
    raise Refused(400, "single_user", "This server has one user", "Start a second one with its own --data.")


ROUTES = (
    web.get("/system_stats", stats),
    web.get("/features", features),
    web.get("/extensions", extensions),
    web.get("/i18n", translations),
    web.get("/node_replacements", replacements),
    web.get("/users", users),
    web.post("/users", add_user),
)
