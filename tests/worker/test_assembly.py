"""An engine put together from a data folder and its settings, as the worker has it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from safelight import Graph
from safelight.core.engine import Engine
from safelight.core.store.record import Record
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.plan import Plan
from safelight.setting import Settings
from safelight.worker import ladder, open_engine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with closing(open_engine(tmp_path)) as engine:
        yield engine


def test_opening_one_imports_no_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from safelight.worker import open_engine\n"
        f"open_engine(Path({str(tmp_path)!r})).close()\n"
        "print([name for name in ('torch', 'numpy', 'PIL', 'networkx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_it_knows_the_built_in_nodes_and_the_model_that_ships(engine: Engine) -> None:
    assert "KSampler" in engine.registry
    assert engine.folders.names("checkpoints") == ["emoji"]


def test_settings_decide_limits_and_arithmetic(tmp_path: Path) -> None:
    settings = Settings(threads=3, memory_cache_gib=0.5, disk_cache_gib=2)
    with closing(open_engine(tmp_path, settings)) as engine:
        assert engine.store.memory.limit == 2**29
        assert engine.store.disk is not None
        assert engine.store.disk.limit == 2**31
        assert engine.plan.threads == 3


def test_another_way_of_computing_is_another_epoch(tmp_path: Path) -> None:
    spec_of = [open_engine(tmp_path, Settings(threads=number)) for number in (1, 2)]
    one, two = (engine.epoch.of(engine.registry.get("KSampler")) for engine in spec_of)
    assert one != two
    (changed,) = [
        name for name, value in spec_of[0].epoch.parts.items() if spec_of[1].epoch.parts[name] != value
    ]
    assert changed == "the way of computing (precision, device, threads)"
    assert json.loads(spec_of[0].epoch.parts[changed])["threads"] == 1
    for engine in spec_of:
        engine.close()


def test_pictures_go_where_they_are_asked_to(tmp_path: Path) -> None:
    with closing(open_engine(tmp_path, output=tmp_path / "there")) as engine:
        assert engine.folders.root("output") == tmp_path / "there"


def test_a_device_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="cuda:77"):
        open_engine(tmp_path, Settings(device="cuda:77"))


def test_the_ladder_lets_go_first_and_becomes_thrifty_then(engine: Engine) -> None:
    engine.store.memory.put(b"k" * 20, Record((1,)))
    relief = ladder(engine.store, Plan(tile=1024))
    rungs = [relief(level) for level in range(4)]
    assert len(engine.store.memory) == 0
    assert [rung and rung.plan and (rung.plan.tile, rung.plan.guidance_batching) for rung in rungs] == [
        None,
        (512, "apart"),
        (256, "apart"),
        None,
    ]
    assert rungs[0] is not None
    assert rungs[3] is None


def test_a_plan_in_small_tiles_already_has_fewer_rungs(engine: Engine) -> None:
    relief = ladder(engine.store, Plan(tile=512))
    rung = relief(1)
    assert rung is not None
    assert rung.plan.tile == 256
    assert relief(2) is None


def test_results_are_kept_between_engines_of_one_folder(tmp_path: Path) -> None:
    graph = Graph()
    text = graph.add("1", "PrimitiveString", value="x")
    graph.add("2", "PreviewAny", source=text)
    states = []
    for _ in range(2):
        with closing(open_engine(tmp_path)) as engine:
            states.append(engine.run(graph).nodes["2"].state)
    assert states == ["ran", "disk"]
