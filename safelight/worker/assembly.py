"""Assembly: an engine put together for a data folder and its settings.

Nothing here imports torch: it comes with the first node body, tensor or weight that needs it, so a run that
finds everything in the store never pays for it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from safelight.core import checkpoint, waypoint
from safelight.core.digest import Digests
from safelight.core.engine import Engine, Relief, Rung
from safelight.core.epoch import Epoch, package_digest
from safelight.core.explain import Ledger
from safelight.core.folder import Folders
from safelight.core.registry import Registry
from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store
from safelight.home import bound, folders
from safelight.setting import Settings
from safelight.tensor import storing
from safelight.worker.device import RESIDENCY, imported

if TYPE_CHECKING:
    from safelight.diffusion.plan import Plan

GIB = 2**30
MEMORY_SHARE = 0.25
"""The part of the machine's memory that results may take, where no setting says otherwise."""
LIBRARIES = ("torch", "diffusers", "transformers", "safetensors", "numpy", "pillow", "spandrel", "av")
THRIFTY_TILES = (512, 256)
"""Tile edges in pixels to try for a node that ran out of memory, where they are smaller than the plan's."""


def open_engine(
    data: Path,
    settings: Settings | None = None,
    *,
    output: Path | None = None,
    registry: Registry | None = None,
) -> Engine:
    """An engine over a data folder, to be closed after use; `output` is where pictures go instead.

    Raises what `plan.choose` raises for a device that is not there.
    """
    from safelight.diffusion import plan as plans

    settings = settings or Settings()
    plan = plans.choose(settings.precision, settings.device, settings.threads)
    cache = data / "cache"
    digests = Digests(cache / "digests.json")
    disk = open_disk(data, settings)
    store = Store(MemoryStore(_memory(settings)), disk, digest_of=digests.of)
    checkpoint.tidy(cache / "checkpoints")
    waypoint.tidy(cache / "waypoints")
    bound(data / "temp")
    known, places = registry or Registry().load("nodes"), folders(data, output)
    if registry is None:
        load_packs(data, known, places, plan)
    return Engine(
        known,
        store,
        places,
        epoch=epoch(plan),
        digests=digests,
        plan=plan,
        checkpoints=cache / "checkpoints",
        waypoints=cache / "waypoints",
        ledger=Ledger(cache / "ledger"),
        relief=ladder(store, plan),
    )


def load_packs(data: Path, registry: Registry, places: Folders, plan: Plan) -> None:
    """Add the node types of the packs, if there are any: they bring torch."""
    from safelight.compat.shims import pack

    if pack.packs_of(places.packs):
        from safelight.compat.shims import loader

        loader.load_packs(data, registry, places, plan=plan)


def open_disk(data: Path, settings: Settings, codec: Codec | None = None) -> DiskStore:
    """The results on disk of a data folder."""
    return DiskStore(data / "cache" / "results", codec or storing(), int(settings.disk_cache_gib * GIB))


def _memory(settings: Settings) -> int:
    from safelight.diffusion.device import total_memory

    if settings.memory_cache_gib is not None:
        return int(settings.memory_cache_gib * GIB)
    return int(total_memory("cpu") * MEMORY_SHARE)


def epoch(plan: Plan) -> Epoch:
    """What all results depend on; the names are read by people, in sentences such as `... changed`."""
    return Epoch(
        {
            "the diffusion code": package_digest("safelight.diffusion"),
            "the installed libraries": json.dumps({name: _version(name) for name in LIBRARIES}),
            "the way of computing (precision, device, threads)": json.dumps(plan.as_tree(), sort_keys=True),
        }
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def ladder(store: Store, plan: Plan) -> Relief:
    """What to try, one after the other, for a node that ran out of memory."""
    tiles = [edge for edge in THRIFTY_TILES if not plan.tile or edge < plan.tile]
    thrifty = [replace(plan, tile=edge, guidance_batching="apart") for edge in tiles]

    def rung(level: int) -> Rung | None:
        if level > len(thrifty):
            return None
        _let_go(store)
        if level == 0:
            return Rung("after stored results and idle models were let go")
        edge = thrifty[level - 1].tile
        return Rung(f"in smaller parts, pictures in tiles of {edge} pixels", thrifty[level - 1])

    return rung


def _let_go(store: Store) -> None:
    """Give back all memory that can be had again from disk."""
    store.memory.clear()
    residency = imported(RESIDENCY)
    if residency is not None:
        residency.release()
