"""States of finished runs in files: found by what fits, bounded, shared, and a miss when damaged."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from safelight import Context, Graph, Many, node
from safelight.core import waypoint
from safelight.core.engine import Engine
from safelight.core.store.codec import Codec
from safelight.core.waypoint import Waypoints, tidy

Make = Callable[..., Engine]


def waypoints(folder: Path, epoch: str = "") -> Waypoints:
    return Waypoints(folder, Codec(), epoch)


def keep(store: Waypoints, step: int, root: str = "root", way: str = "this", **tree: Any) -> None:
    store.keep(root, {"step": step, "way": way}, lambda: {"at": step, "way": way, **tree})


def nearest(store: Waypoints, root: str = "root", limit: int = 99, way: str = "this") -> Any:
    return store.nearest(root, lambda about: about["step"] <= limit and about["way"] == way, dict)


def test_the_furthest_state_that_fits_is_found(tmp_path: Path) -> None:
    for step in (2, 11, 5):
        keep(waypoints(tmp_path), step)
    keep(waypoints(tmp_path), 12, way="another")
    keep(waypoints(tmp_path), 13, root="other")
    assert nearest(waypoints(tmp_path)) == {"at": 11, "way": "this"}
    assert nearest(waypoints(tmp_path), limit=10) == {"at": 5, "way": "this"}
    assert nearest(waypoints(tmp_path), limit=1) is None


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert nearest(waypoints(tmp_path / "none")) is None


def test_states_of_another_epoch_are_not_seen(tmp_path: Path) -> None:
    keep(waypoints(tmp_path, "old"), 3)
    assert nearest(waypoints(tmp_path, "new")) is None
    assert nearest(waypoints(tmp_path, "old")) is not None


def test_a_state_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    keep(waypoints(tmp_path), 3)
    (path,) = tmp_path.iterdir()
    os.utime(path, (1, 1))
    waypoints(tmp_path).keep("root", {"way": "this", "step": 3}, lambda: pytest.fail("made again"))
    assert path.stat().st_mtime > 1, "but it counts as used"


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, None], ids=["empty", "zeros", "cut"])
def test_a_damaged_state_is_a_miss_and_deleted(
    tmp_path: Path, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    keep(waypoints(tmp_path), 3)
    keep(waypoints(tmp_path), 7, text="x" * 100)
    path = max(tmp_path.iterdir())
    path.write_bytes(path.read_bytes()[:-40] if damage is None else damage)
    assert nearest(waypoints(tmp_path)) == {"at": 3, "way": "this"}
    assert not path.exists()
    assert "is deleted" in caplog.text


def test_a_state_that_its_reader_refuses_is_a_miss_and_deleted(tmp_path: Path) -> None:
    def read(tree: Mapping[str, Any]) -> Mapping[str, Any]:
        if tree["at"] == 7:
            raise ValueError("not mine")
        return tree

    keep(waypoints(tmp_path), 3)
    keep(waypoints(tmp_path), 7)
    found = waypoints(tmp_path).nearest("root", lambda _: True, read)
    assert found == {"at": 3, "way": "this"}
    assert len(list(tmp_path.iterdir())) == 1


def test_a_state_with_strange_words_about_it_does_no_harm(tmp_path: Path) -> None:
    store = waypoints(tmp_path)
    keep(store, 3)
    keep(store, 4)
    path = max(tmp_path.iterdir())
    path.write_bytes(path.read_bytes().replace(b'about\\"', b'ab_ut\\"'))
    assert nearest(store) == {"at": 3, "way": "this"}


def test_no_more_than_so_many_are_kept_and_the_longest_unused_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waypoint, "COUNT", 4)
    store = waypoints(tmp_path)
    for step in range(1, 9):
        keep(store, step)
        (path,) = tmp_path.glob(f"*-{step:06d}-*")
        os.utime(path, (step, step))
    assert nearest(store, limit=2) is not None, "a use makes it young"
    tidy(tmp_path)
    assert sorted(int(path.name.split("-")[1]) for path in tmp_path.iterdir()) == [2, 6, 7, 8]


def test_no_more_than_so_many_bytes_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waypoint, "BYTES", 10_000)
    for step in range(1, 9):
        keep(waypoints(tmp_path), step, text="x" * 3000)
    tidy(tmp_path)
    assert 0 < sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10_000


def test_the_bounds_hold_while_states_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waypoint, "COUNT", 4)
    store = waypoints(tmp_path)
    for step in range(1, 101):
        keep(store, step)
        assert len(list(tmp_path.iterdir())) <= 4 + waypoint.OFTEN


def test_a_folder_that_cannot_be_written_is_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    keep(waypoints(tmp_path / "file"), 3)
    assert nearest(waypoints(tmp_path / "file")) is None
    assert "cannot be kept" in caplog.text


def write_and_read(folder: Path) -> None:
    store = waypoints(folder)
    waypoint.COUNT, waypoint.OFTEN = 5, 1
    for step in range(1, 40):
        keep(store, step, text="x" * 1000)
        found = nearest(store)
        assert found is None or found["text"] == "x" * 1000


def test_processes_share_a_folder(tmp_path: Path) -> None:
    started = [
        multiprocessing.get_context("fork").Process(target=write_and_read, args=(tmp_path,)) for _ in range(4)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(60)
    assert [process.exitcode for process in started] == [0] * 4
    tidy(tmp_path)
    assert nearest(waypoints(tmp_path)) is not None


@node("Walk", category="toy")
def walk(ctx: Context, value: int, steps: int = 4) -> int:
    """Add one per step, from as far as an earlier walk came."""
    store = ctx.checkpoint.waypoints
    assert store is not None
    begin = store.nearest(str(value), lambda about: about["step"] <= steps, lambda tree: tree["at"])
    if begin is not None:
        ctx.checkpoint.reused(begin, steps)
    store.keep(str(value), {"step": steps}, lambda: {"at": steps})
    return value + steps


def test_the_explanation_says_where_a_node_began(make_engine: Make, tmp_path: Path) -> None:
    def why(steps: int) -> str:
        graph = Graph()
        graph.add("w", "Walk", value=1, steps=steps)
        result = make_engine(walk, waypoints=tmp_path / "way").run(graph, ["w"])
        return result.raise_for_error().nodes["w"].why

    assert why(4).endswith("because it has not run before")
    assert why(6) == "started at step 4 of 6, kept from an earlier run"


@node("Paces", category="toy")
def paces() -> Many[int]:
    """Four, then six."""
    return Many((4, 6))


def test_the_explanation_says_of_items_that_all_ran_and_where_one_began(
    make_engine: Make, tmp_path: Path
) -> None:
    graph = Graph()
    graph.add("w", "Walk", value=1, steps=graph.add("p", "Paces"))
    result = make_engine(walk, paces, waypoints=tmp_path / "way").run(graph, ["w"]).raise_for_error()
    assert " for 2 items (1 began later, as at step 4 of 6) because " in result.nodes["w"].why
