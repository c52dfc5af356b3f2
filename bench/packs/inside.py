"""Inside the process of one pack: load it, and run each of its nodes, or graphs with some of them."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.packs import folder, model
from bench.packs.recipe import read

NOT_REACHED = {"registered": True, "choices": True, "cause": "not reached", "why": "it was not tried yet"}


def main(packs: str, name: str, nodes: str, out: str) -> None:
    """Try one pack; what is found out is in `out` after each node."""
    data = Path(tempfile.mkdtemp(prefix="packs-"))
    try:
        folder.prepare(data, Path(packs) / name)
        if nodes == "graphs":
            _run_graphs(data, name, Path(out))
        else:
            _run_nodes(data, nodes, Path(out))
    finally:
        shutil.rmtree(data, ignore_errors=True)
    os._exit(0)  # whatever threads the pack has left


def _loaded(data: Path) -> tuple[Any, Any]:
    """The engine over the folder, and what became of the pack."""
    from safelight.compat.shims.loader import load_packs
    from safelight.compat.shims.trust import Trust
    from safelight.core.registry import Registry

    registry = Registry().load("nodes")
    engine = folder.engine_over(data, registry)
    return engine, load_packs(data, registry, engine.folders, trust=Trust.all(), plan=engine.plan)[0]


def _run_nodes(data: Path, nodes: str, out: Path) -> None:
    from bench.packs.workbench import Workbench

    engine, pack = _loaded(data)
    found: dict[str, Any] = {
        id: {"registered": False, "choices": False, "cause": "error", "why": why}
        for id, why in pack.failures.items()
    }
    found.update(dict.fromkeys(pack.nodes, NOT_REACHED))
    result = {"state": pack.state, "problem": pack.problem + pack.traceback, "nodes": found, "at": ""}
    work = Workbench(engine, pack.nodes)
    wanted = set(filter(None, nodes.split(",")))
    for id in [one for one in pack.nodes if not wanted or one in wanted]:
        out.write_text(json.dumps({**result, "at": id}))
        found[id] = work.tried(id)
    out.write_text(json.dumps(result))


def _run_graphs(data: Path, name: str, out: Path) -> None:
    from bench.packs.recipe import tried

    engine, pack = _loaded(data)
    model.make_narrow(engine)
    nodes = tried(engine, read()[name])
    problem = pack.problem + pack.traceback
    out.write_text(
        json.dumps({"state": pack.state, "problem": problem, "offered": len(pack.nodes), "nodes": nodes})
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
