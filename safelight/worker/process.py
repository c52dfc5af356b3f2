"""Process: one worker from its start to its end, as a server starts it."""

from __future__ import annotations

import faulthandler
import importlib
import logging
import os
import platform
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from safelight.core.engine import Engine
from safelight.core.registry import Registry
from safelight.message import Ready
from safelight.setting import Settings
from safelight.worker.assembly import GIB, MEMORY_SHARE, open_engine
from safelight.worker.channel import Outbox, die_with_parent, take_over
from safelight.worker.device import memory
from safelight.worker.pack import strange_types
from safelight.worker.service import Service

logger = logging.getLogger("safelight.worker")


@dataclass(frozen=True, slots=True)
class Options:
    """How one worker is to be."""

    data: Path
    output: Path | None = None
    device: str | None = None
    share: int = 1
    module: Sequence[str] = ()
    cold: bool = False


def main(options: Options) -> int:
    """Run a worker until the server has no more orders."""
    orders, reports = take_over()
    die_with_parent()
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server is told too, and decides
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    outbox = Outbox(reports)
    try:
        with closing(_engine(options)) as engine:
            device, packs = engine.plan.device, strange_types(engine)
            outbox.send(Ready(os.getpid(), platform.python_version(), device, memory(), packs))
            Service(engine, orders, outbox).serve(cold=options.cold, packs=not options.module)
    except Exception as error:
        logger.error("the worker cannot work: %s", error, exc_info=not hasattr(error, "remedy"))
        return 2
    finally:
        outbox.close()
    return 0


def _engine(options: Options) -> Engine:
    """The engine over the data folder, with this worker's share of the machine."""
    from safelight.diffusion.device import cores, total_memory

    settings = Settings.read(options.data)
    if options.device:
        settings = replace(settings, device=options.device)
    if options.share > 1:
        memory = settings.memory_cache_gib
        if memory is None:
            memory = total_memory("cpu") * MEMORY_SHARE / GIB
        threads = settings.threads or max(1, cores() // options.share)
        settings = replace(settings, memory_cache_gib=memory / options.share, threads=threads)
    registry = Registry().load("nodes") if options.module else None  # without one, packs are loaded too
    for name in options.module:
        assert registry is not None
        registry.collect(importlib.import_module(name))
    return open_engine(options.data, settings, output=options.output, registry=registry)
