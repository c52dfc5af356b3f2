"""Loading packs: import what is allowed, one after the other; what fails is listed, and the rest go on."""

from __future__ import annotations

import importlib.util
import pkgutil
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from safelight.compat.shims import finder
from safelight.compat.shims.absent import Importing
from safelight.compat.shims.elsewhere import Elsewhere
from safelight.compat.shims.host import HOST
from safelight.compat.shims.module import corenodes, paths
from safelight.compat.shims.pack import Pack, PackReport, packs_of
from safelight.compat.shims.requirement import conflicts
from safelight.compat.shims.trust import Trust
from safelight.core import epoch
from safelight.core.error import SafelightError
from safelight.core.folder import Folders
from safelight.core.registry import Registry
from safelight.core.spec import NodeSpec

FOLDER = "custom_nodes"
TESTS = ("tests", "test", "conftest", "setup")


def load_packs(
    data: Path, registry: Registry, folders: Folders, *, trust: Trust | None = None, plan: Any = None
) -> list[PackReport]:
    """Load the packs that a data folder allows, its own and adopted ones, and add their node types.

    To be called in a worker only: it gives the process ComfyUI's module names. Raises nothing that a pack
    raised.
    """
    HOST.folders, HOST.registry, HOST.plan = folders, registry, plan
    found = packs_of(folders.packs)
    if not found:
        return []
    trust = trust or Trust.read(data)
    registry.elsewhere = Elsewhere(folders.packs, trust).remedy
    finder.install()
    for folder in folders.packs:
        _open_package(folder)
    paths.folder_names_and_paths.own.clear()
    HOST.classes.clear()
    corenodes.fill()
    HOST.reports = [load_pack(pack, registry, trust) for pack in found]
    return list(HOST.reports)


def _open_package(folder: Path) -> None:
    """Let `custom_nodes.x` be found in a folder of packs as well."""
    package = sys.modules.get(FOLDER)
    if package is None:
        package = sys.modules[FOLDER] = ModuleType(FOLDER)
        package.__path__ = []
    if str(folder) not in package.__path__:
        package.__path__ = [*package.__path__, str(folder)]


def load_pack(pack: Pack, registry: Registry, trust: Trust) -> PackReport:
    """Load one pack and add its node types to the registry."""
    report = PackReport(pack.name, str(pack.path), "loaded")
    if not pack.enabled:
        report.state = "off"
        return report
    if not trust.allows(pack.name):
        report.state, report.problem = "waiting", "it is new, and was not allowed yet"
        report.remedy = f"See what it does with `safelight packs show {pack.name}`, then allow it."
        return report
    clashes = conflicts(pack.path)
    report.notices += [f"{clash}; it is tried all the same" for clash in clashes]
    started = time.perf_counter()
    try:
        before = set(HOST.classes)
        module = _imported(pack)
        for spec in _specs(pack, module, report):
            _add(registry, spec, report)
        for spec in _classic(pack, module, _slipped_in(before), report):
            _add(registry, spec, report)
        report.web = _web(pack, module)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        report.state = "conflict" if clashes else "broken"
        report.problem = "; ".join([*clashes, f"{type(error).__name__}: {error}"])
        report.remedy = _remedy(error)
        report.traceback = traceback.format_exc()
    report.seconds = time.perf_counter() - started
    return report


def _remedy(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"Install what it needs: pip install {error.name.partition('.')[0]}"
    return "See the traceback, and ask the pack's author."


def _imported(pack: Pack) -> ModuleType:
    """Import a pack's entry under its own name."""
    where = [str(pack.path)] if pack.path.is_dir() else None
    spec = importlib.util.spec_from_file_location(pack.module, pack.entry, submodule_search_locations=where)
    if spec is None or spec.loader is None:
        raise SafelightError(f"{pack.entry} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[pack.module] = module
    epoch.declare(pack.module, pack.digest())
    try:
        with Importing():
            spec.loader.exec_module(module)
    except BaseException:
        unload(pack.module)
        raise
    setattr(sys.modules[FOLDER], pack.module.partition(".")[2], module)
    return module


def unload(module: str) -> None:
    """Forget a pack's modules, so that the next import reads its files again."""
    for name in [one for one in sys.modules if one == module or one.startswith(f"{module}.")]:
        del sys.modules[name]


def _add(registry: Registry, spec: NodeSpec, report: PackReport) -> None:
    """Add a node type; an id that is taken stays with whoever had it first."""
    old = registry.find(spec.id)
    if old is not None and old.function is not spec.function:
        report.notices.append(f"'{spec.id}' is left out: {old.module} has a node type of that name")
        return
    registry.add(spec)
    report.nodes.append(spec.id)


def _specs(pack: Pack, module: ModuleType, report: PackReport) -> Iterator[NodeSpec]:
    """The node types of a pack, of whatever kind; those that cannot be read are noted."""
    classes = getattr(module, "NODE_CLASS_MAPPINGS", None)
    entry = getattr(module, "comfy_entrypoint", None)
    if isinstance(classes, Mapping):
        yield from _classic(pack, module, classes, report)
    if callable(entry):
        yield from _extension(pack, entry, report)
    if not isinstance(classes, Mapping) and not callable(entry):
        yield from _native(pack, module)


def _slipped_in(before: set[str]) -> dict[str, Any]:
    """Classes that a pack put among ComfyUI's own while it was imported."""
    return {
        id: cls for id, cls in HOST.classes.items() if id not in before and HOST.registry.find(id) is None
    }


def _classic(
    pack: Pack, module: ModuleType, classes: Mapping[str, Any], report: PackReport
) -> Iterator[NodeSpec]:
    titles = getattr(module, "NODE_DISPLAY_NAME_MAPPINGS", None) or {}
    for id, cls in list(classes.items()):
        HOST.classes.setdefault(str(id), cls)
        spec = _tried(pack, str(id), cls, str(titles.get(id) or id), report)
        if spec is not None:
            yield spec


def _tried(pack: Pack, id: str, cls: Any, title: str, report: PackReport) -> NodeSpec | None:
    from safelight.compat.shims import classic, schema

    try:
        if schema.is_schema_node(cls):
            return schema.spec_of(cls, pack=pack.name, module=pack.module, id=id)
        return classic.spec_of(id, cls, title=title, pack=pack.name, module=pack.module)
    except Exception as error:  # noqa: BLE001 - one node of a pack does not stop the others
        report.failures[id] = f"{type(error).__name__}: {error}"
        return None


def _extension(pack: Pack, entry: Any, report: PackReport) -> Iterator[NodeSpec]:
    """The nodes of a `comfy_entrypoint`."""
    import inspect

    from safelight.compat.shims.body import finished

    async def listed() -> list[Any]:
        extension = entry()
        extension = await extension if inspect.isawaitable(extension) else extension
        load = getattr(extension, "on_load", None)
        if load is not None:
            await load()
        return list(await extension.get_node_list())

    with Importing():
        classes = finished(listed())
    for cls in classes:
        spec = _tried(pack, getattr(cls, "__name__", "?"), cls, "", report)
        if spec is not None:
            HOST.classes.setdefault(spec.id, cls)
            yield spec


def _native(pack: Pack, module: ModuleType) -> Iterator[NodeSpec]:
    """The nodes that functions under `@node` declare, in all modules of the pack."""
    modules = [module]
    if pack.path.is_dir():
        for found in pkgutil.walk_packages(module.__path__, f"{pack.module}."):
            last = found.name.rpartition(".")[2]
            if not last.startswith("test_") and not set(found.name.split(".")[2:]).intersection(TESTS):
                modules.append(importlib.import_module(found.name))
    registry = Registry()
    for one in modules:
        registry.collect(one)
    yield from registry


def _web(pack: Pack, module: ModuleType) -> str:
    """The folder of a pack's page scripts; only one within the pack."""
    named = getattr(module, "WEB_DIRECTORY", None)
    if not isinstance(named, str) or not pack.path.is_dir():
        return ""
    folder = (pack.path / named).resolve()
    return str(folder) if folder.is_dir() and folder.is_relative_to(pack.path.resolve()) else ""
