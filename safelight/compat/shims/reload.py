"""Hot reload: one pack's code read again and its node types put in place of the old ones, between jobs.

The graph and every result that the pack had no part in stay as they are: a pack's epoch is its own code.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from safelight.compat.shims.host import HOST
from safelight.compat.shims.loader import FOLDER, load_pack, unload
from safelight.compat.shims.module.promptserver import PromptServer
from safelight.compat.shims.pack import Pack, PackReport, packs_of
from safelight.compat.shims.trust import Trust
from safelight.core.folder import Folders
from safelight.core.registry import Registry

RESOLUTION = 2.0
"""Seconds within which two times of files may be told as one."""
NATIVE = (".so", ".pyd", ".dylib")


def reload_pack(
    name: str, data: Path, registry: Registry, folders: Folders, *, trust: Trust | None = None
) -> PackReport:
    """Load a pack anew. If that fails its old node types stay, and the report says why.

    `restart` in the report's notices says that something of the old code is left that only a new process
    gets rid of.
    """
    pack = next((one for one in packs_of(folders.packs) if one.name == name), None)
    if pack is None:
        gone = Pack(name, data / FOLDER / name)
        forget(name, registry)
        PromptServer.instance.leave_out(gone.module, gone.path.resolve())
        return PackReport(name, str(data / FOLDER / name), "off", problem="it is not there any more")
    HOST.folders, HOST.registry = folders, registry
    old = {module: sys.modules[module] for module in _modules(pack)}
    before = list(registry.of_module(pack.module))
    reasons = list(left_over(pack))
    server = PromptServer.instance
    routes, handlers = server.declared(), list(server.on_prompt_handlers)
    forget(name, registry)
    server.leave_out(pack.module, pack.path.resolve())
    unload(pack.module)
    _drop_stale(pack)
    report = load_pack(pack, registry, trust or Trust.read(data))
    if report.state in ("broken", "conflict"):
        unload(pack.module)
        sys.modules.update(old)
        server.put(routes, handlers)
        for spec in before:
            registry.replace(spec)
            report.nodes.append(spec.id)
    report.notices += [f"a restart of the worker is needed: {reason}" for reason in reasons]
    return report


def forget(name: str, registry: Registry) -> None:
    """Take a pack's node types out of the registry, and its classes from those that packs see."""
    module = Pack(name, Path(name)).module
    for spec in list(registry.of_module(module)):
        registry.remove(spec.id)
        HOST.classes.pop(spec.id, None)


def _drop_stale(pack: Pack) -> None:
    """Drop compiled copies that cannot be told from older ones.

    Python knows a copy's source by its size and by its time in whole seconds: a file that was saved twice
    within one may go with a copy of what it was before.
    """
    importlib.invalidate_caches()
    for source in pack.sources():
        copy = Path(importlib.util.cache_from_source(str(source)))
        with contextlib.suppress(OSError):
            if copy.stat().st_mtime < source.stat().st_mtime + RESOLUTION:
                copy.unlink()


def _modules(pack: Pack) -> Iterable[str]:
    return [name for name in sys.modules if name == pack.module or name.startswith(f"{pack.module}.")]


def left_over(pack: Pack) -> Iterable[str]:
    """What of a pack cannot be taken out of a process: threads of its own, and compiled code."""
    root = str(pack.path.resolve())
    for module in _modules(pack):
        file = getattr(sys.modules[module], "__file__", None) or ""
        if file.endswith(NATIVE):
            yield f"{Path(file).name} is compiled code"
    names = [thread.name for thread in threading.enumerate() if _runs_code_below(root, thread)]
    if len(names) == 1:
        yield f"its thread '{names[0]}' is running"
    elif names:
        yield f"{len(names)} of its threads are running, '{names[0]}' among them"


def _runs_code_below(root: str, thread: threading.Thread) -> bool:
    code = getattr(getattr(thread, "_target", None), "__code__", None)
    return code is not None and Path(code.co_filename).resolve().is_relative_to(root)
