"""Half-done nodes: their state is kept at most once a second and taken up after a crash."""

from __future__ import annotations

import errno
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight import Context, Graph, Many, node
from safelight.core.checkpoint import DiskCheckpoint, tidy
from safelight.core.engine import Engine
from safelight.core.store.codec import Codec

Make = Callable[..., Engine]
KEY = b"\1" * 20
steps_run: list[int] = []


class Crash(Exception):
    """Stands for the death of the process."""


@node("Steps", category="toy")
def steps(ctx: Context, value: int, total: int = 10, crash_at: int = -1, digest: str = "a") -> int:
    """Add one per step, keeping the state after each."""
    tree = ctx.checkpoint.load(digest)
    done, value = (tree["done"], tree["value"]) if tree else (0, value)
    if tree:
        ctx.checkpoint.resumed(done, total)
    for step in range(done, total):
        if step == int((ctx.folders.data / "crash").read_text()):
            raise Crash
        steps_run.append(step)
        value += 1
        ctx.checkpoint.save(step + 1, total, digest, {"done": step + 1, "value": value})
    return value


@pytest.fixture(autouse=True)
def _forget(tmp_path: Path) -> None:
    steps_run.clear()
    (tmp_path / "crash").write_text("-1")


def checkpoint(root: Path) -> DiskCheckpoint:
    return DiskCheckpoint(root, KEY, Codec())


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    tree = {"step": 3, "history": (1.5, float("inf")), "noise": b"\0\1"}
    checkpoint(tmp_path).save(3, 10, "digest", tree)
    assert checkpoint(tmp_path).load("digest") == tree


def test_a_state_made_from_other_inputs_is_refused_with_the_reason(tmp_path: Path) -> None:
    checkpoint(tmp_path).save(3, 10, "digest", {"step": 3})
    other = checkpoint(tmp_path)
    assert other.load("another") is None
    assert "not the same" in other.refused


def test_a_damaged_state_is_as_good_as_none(tmp_path: Path) -> None:
    one = checkpoint(tmp_path)
    one.save(3, 10, "digest", {"step": 3})
    one.path.write_bytes(one.path.read_bytes()[:-5])
    assert checkpoint(tmp_path).load("digest") is None


def test_saves_are_due_once_a_second(tmp_path: Path) -> None:
    one = checkpoint(tmp_path)
    assert one.due()
    one.save(1, 10, "digest", {})
    assert not one.due()


def test_a_crashed_node_is_taken_up_where_it_was(make_engine: Make, tmp_path: Path) -> None:
    graph = Graph()
    graph.add("s", "Steps", value=100)
    engine = make_engine(steps)
    (tmp_path / "crash").write_text("6")
    assert engine.run(graph, ["s"]).status == "failed"
    (tmp_path / "crash").write_text("-1")
    result = make_engine(steps).run(graph, ["s"])
    assert result.values["s"] == (110,)
    assert steps_run == list(range(10))
    assert result.nodes["s"].why == "resumed at step 6 of 10"


def test_a_finished_node_leaves_no_state(make_engine: Make, tmp_path: Path) -> None:
    graph = Graph()
    graph.add("s", "Steps", value=100)
    engine = make_engine(steps)
    engine.run(graph, ["s"])
    engine.close()
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_each_item_of_a_stream_has_its_own_state(make_engine: Make, tmp_path: Path) -> None:
    @node("Count", category="toy")
    def count(to: int) -> Many[int]:
        """Count."""
        return Many(range(0, to * 100, 100))

    @node("Gather", category="toy")
    def gather(values: Many[int]) -> Any:
        """Take all."""
        return list(values)

    graph = Graph()
    items = graph.add("c", "Count", to=3)
    graph.add("g", "Gather", values=graph.add("s", "Steps", value=items, total=4))
    engine = make_engine(steps, count, gather)
    engine.run(graph, ["g"])
    steps_run.clear()
    longer = graph.with_inputs({("s", "total"): 5})
    (tmp_path / "crash").write_text("3")
    assert engine.run(longer, ["g"]).status == "failed"
    (tmp_path / "crash").write_text("-1")
    assert engine.run(longer, ["g"]).values["g"] == ([5, 105, 205],)
    assert steps_run == [0, 1, 2, 3, 4, *range(5), *range(5)]


def test_a_folder_that_cannot_be_written_does_not_stop_the_node(
    make_engine: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "checkpoints").write_text("a file where the folder should be")
    graph = Graph()
    graph.add("s", "Steps", value=1)
    assert make_engine(steps).run(graph, ["s"]).values["s"] == (11,)
    assert "cannot be kept" in caplog.text


def test_a_state_that_never_was_needs_no_removing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    one = checkpoint(tmp_path)
    one.done()
    assert caplog.text == ""
    one.save(1, 10, "digest", {})
    one.done()
    assert "cannot be removed" in caplog.text


def test_only_the_newest_states_are_kept(tmp_path: Path) -> None:
    for number in range(70):
        DiskCheckpoint(tmp_path / "states", bytes([number]) * 20, Codec()).save(1, 2, "d", {})
    tidy(tmp_path / "states")
    assert len(list((tmp_path / "states").iterdir())) == 64


def test_a_killed_process_resumes_to_the_same_result(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from safelight import Context, Graph, Registry, node
        from safelight.core.digest import Digests
        from safelight.core.engine import Engine
        from safelight.core.folder import Folders
        from safelight.core.store.memory import MemoryStore
        from safelight.core.store.tier import Store

        data, kill_at = Path(sys.argv[1]), int(sys.argv[2])

        @node("Steps", category="toy")
        def steps(ctx: Context, value: int) -> int:
            "Add one per step."
            tree = ctx.checkpoint.load("d") or {"done": 0, "value": value}
            if tree["done"]:
                ctx.checkpoint.resumed(tree["done"], 9)
            for step in range(tree["done"], 9):
                if step == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
                tree = {"done": step + 1, "value": tree["value"] * 3 + step}
                ctx.checkpoint.save(step + 1, 9, "d", tree)
            return tree["value"]

        graph = Graph()
        graph.add("s", "Steps", value=1)
        store = Store(MemoryStore(10**6), digest_of=Digests().of)
        engine = Engine(Registry([steps.spec]), store, Folders(data), checkpoints=data / "checkpoints")
        result = engine.run(graph, ["s"])
        print(result.values["s"][0], result.nodes["s"].why)
    """)

    def run(kill_at: int, data: Path) -> subprocess.CompletedProcess[str]:
        script = data / "program.py"
        data.mkdir(exist_ok=True)
        script.write_text(program)
        command = [sys.executable, str(script), str(data), str(kill_at)]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    whole = run(-1, tmp_path / "whole").stdout.split()[0]
    for point in (1, 4, 8):
        data = tmp_path / f"killed{point}"
        assert run(point, data).returncode == -9
        assert run(-1, data).stdout.strip() == f"{whole} resumed at step {point} of 9"
