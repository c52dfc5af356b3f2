"""An engine that nobody closes ends with its process all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATHED = {**os.environ, "PYTHONPATH": str(ROOT)}
SCRIPT = """
import sys, time
from pathlib import Path
from safelight import Graph, Registry, node
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store

@node("Long", category="toy", lane="io")
def long(number: int) -> str:
    "A long text, slow enough to be worth a file."
    time.sleep(0.1)
    return str(number) * 3_000_000

folder, kept = Path(sys.argv[1]), sys.argv[2] == "kept"
codec, digests = Codec(), Digests()
store = Store(MemoryStore(2**30), DiskStore(folder, codec), digest_of=digests.of, codec=codec)
graph = Graph()
for number in range(10, 22):
    graph.add(str(number), "Long", number=number)

def run():
    engine = Engine(Registry([long.spec]), store, Folders(folder), digests=digests)
    return engine, engine.run(graph, list(graph.nodes))

engine, result = run()
print(*(result.reports[id].state for id in graph.nodes))
if not kept:
    del engine, result, store
"""


@pytest.mark.parametrize("how", ["kept", "dropped"])
def test_an_engine_that_is_not_closed_ends_cleanly_with_all_results_written(tmp_path: Path, how: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    first, second = (
        subprocess.run(
            [sys.executable, str(script), str(tmp_path / "store"), how],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
            env=PATHED,
        )
        for _ in range(2)
    )
    assert (first.returncode, first.stderr) == (0, "")
    assert set(first.stdout.split()) == {"ran"}
    assert set(second.stdout.split()) == {"disk"}
