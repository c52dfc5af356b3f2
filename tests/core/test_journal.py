"""Attempts at one job: what a killed one had begun is taken up by the next, and nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from safelight import Context, Graph, Item, Many, node
from safelight.core.context import Context as AnyContext
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.journal import NAME, Journal, folder_of, forget
from safelight.core.report import Result
from safelight.core.store.codec import Codec

Make = Callable[..., Engine]
calls: list[str] = []
fails_at: set[str] = set()


class Killed(BaseException):
    """Stands for the death of the process: nothing that follows a failure happens."""


def die(place: str) -> None:
    if place in fails_at:
        raise Killed(place)


@node("Dice", category="toy", cached=False)
def dice() -> int:
    """Give another number each time."""
    calls.append("dice")
    return len(calls)


@node("Unkeepable", category="toy", cached=False)
def unkeepable() -> Any:
    """Give what no file can hold."""
    calls.append("unkeepable")
    return object()


@node("Add", category="toy")
def add(value: int, by: int = 1) -> int:
    """Add."""
    calls.append("add")
    return value + by


@node("Seen", category="toy")
def seen(value: Any) -> int:
    """Count how often it is looked at."""
    calls.append("seen")
    return len(calls)


@node("Write", category="toy", effect=True)
def write(ctx: Context, value: int, prefix: str = "number") -> None:
    """Write a number into a file of its own."""
    die("before")
    path = ctx.reserve(prefix, ".txt")
    die("reserved")
    path.write_text(f"{value}")
    calls.append("write")
    die("written")


@node("WriteAll", category="toy", effect=True)
def write_all(ctx: Context, value: int, times: int = 3) -> None:
    """Write several files, one after the other."""
    for number in range(times):
        path = ctx.reserve("many", ".txt")
        die(f"file {number}")
        path.write_text(f"{value} {number}")


@node("Roll", category="toy", cached=False)
def roll(value: str) -> int:
    """Give another number for each item."""
    calls.append(value)
    return len(calls)


@node("Letters", category="toy")
def letters(text: str) -> Many[str]:
    """The letters of a text."""
    yield from text


@node("Names", category="toy")
def names(text: str) -> Many[str]:
    """The letters of a text, known by what they are."""
    for letter in text:
        yield Item(letter, key=letter)


TOYS = (dice, unkeepable, add, seen, write, write_all, roll, letters, names)


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    calls.clear()
    fails_at.clear()
    monkeypatch.setattr(
        "safelight.core.run.fault._clean", lambda context: None
    )  # a killed process cleans nothing up


@pytest.fixture
def attempt(make_engine: Make, tmp_path: Path) -> Callable[..., Result]:
    """A function that runs a graph as one more attempt at the same job, by a process of its own."""

    def run(graph: Graph, job: str = "job", **options: Any) -> Result:
        engine = make_engine(*TOYS, disk=True)
        journal = Journal(folder_of(tmp_path, job), engine.store.codec, fresh=options.get("fresh", False))
        try:
            return engine.run(graph, journal=journal, **options)
        finally:
            engine.store.flush()

    return run


def written(tmp_path: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((tmp_path / "output").iterdir())}


def graph_of(*entries: tuple[str, str, dict[str, Any]]) -> Graph:
    graph = Graph()
    for id, type, inputs in entries:
        graph.add(id, type, **inputs)
    return graph


def rolling() -> Graph:
    graph = Graph()
    thrown = graph.add("dice", "Dice")
    graph.add("write", "Write", value=graph.add("add", "Add", value=thrown))
    return graph


@pytest.mark.parametrize("place", ["before", "reserved", "written"])
def test_a_file_is_made_once_wherever_the_first_attempt_is_killed(
    attempt: Callable[..., Result], tmp_path: Path, place: str
) -> None:
    fails_at.add(place)
    assert attempt(rolling()).status == "failed"
    fails_at.clear()
    assert attempt(rolling()).status == "done"
    assert written(tmp_path) == {"number_00001_.txt": "2"}
    assert calls.count("dice") == 1


def test_without_a_journal_the_same_leaves_two_files(make_engine: Make, tmp_path: Path) -> None:
    fails_at.add("written")
    make_engine(*TOYS, disk=True).run(rolling())
    fails_at.clear()
    make_engine(*TOYS, disk=True).run(rolling())
    assert list(written(tmp_path)) == ["number_00001_.txt", "number_00002_.txt"]


def test_what_was_finished_is_not_done_again(attempt: Callable[..., Result], tmp_path: Path) -> None:
    attempt(rolling())
    again = attempt(rolling())
    assert again.reports["write"].state == "memory" or again.reports["write"].state == "disk"
    assert calls == ["dice", "add", "write"]


def test_another_job_rolls_anew_and_writes_its_own_file(
    attempt: Callable[..., Result], tmp_path: Path
) -> None:
    attempt(rolling())
    attempt(rolling(), "another")
    assert calls.count("dice") == 2
    assert len(written(tmp_path)) == 2


def test_several_names_of_one_call_are_given_again_in_their_order(
    attempt: Callable[..., Result], tmp_path: Path
) -> None:
    graph = graph_of(("all", "WriteAll", {"value": 7}))
    fails_at.add("file 1")
    attempt(graph)
    (tmp_path / "output" / "many_00003_.txt").write_text("somebody else's")
    fails_at.clear()
    attempt(graph)
    assert written(tmp_path) == {
        "many_00001_.txt": "7 0",
        "many_00002_.txt": "7 1",
        "many_00003_.txt": "somebody else's",
        "many_00004_.txt": "7 2",
    }


def test_two_nodes_that_do_the_same_have_files_of_their_own(
    attempt: Callable[..., Result], tmp_path: Path
) -> None:
    graph = graph_of(("a", "Write", {"value": 7}), ("b", "Write", {"value": 7}))
    attempt(graph, fresh=True)
    attempt(graph, fresh=True)
    assert written(tmp_path) == {"number_00001_.txt": "7", "number_00002_.txt": "7"}


def test_a_fresh_job_writes_its_file_once_too(attempt: Callable[..., Result], tmp_path: Path) -> None:
    fails_at.add("written")
    attempt(rolling(), fresh=True)
    fails_at.clear()
    attempt(rolling(), fresh=True)
    assert written(tmp_path) == {"number_00001_.txt": "5"}


def test_what_hangs_on_a_value_that_cannot_be_kept_is_made_anew(attempt: Callable[..., Result]) -> None:
    graph = Graph()
    graph.add("write", "Write", value=graph.add("seen", "Seen", value=graph.add("source", "Unkeepable")))
    fails_at.add("before")
    attempt(graph)
    fails_at.clear()
    attempt(graph)
    assert calls == ["unkeepable", "seen", "unkeepable", "seen", "write"]


@pytest.mark.parametrize("stream", ["Letters", "Names"])
def test_items_are_rolled_once_each(attempt: Callable[..., Result], tmp_path: Path, stream: str) -> None:
    graph = Graph()
    rolled = graph.add("roll", "Roll", value=graph.add("letters", stream, text="abca"))
    graph.add("write", "Write", value=rolled)
    attempt(graph)
    first = written(tmp_path)
    fails_at.add("before")
    attempt(graph)
    assert written(tmp_path) == first
    assert [call for call in calls if call != "write"] == ["a", "b", "c", "a"]


def test_a_line_that_was_half_written_does_no_harm(tmp_path: Path) -> None:
    folders, folder = Folders(tmp_path), folder_of(tmp_path, "job")
    Journal(folder, Codec()).reserve(b"k", folders, "a", ".txt")
    with (folder / NAME).open("ab") as file:
        file.write(b'{"made": "/x')
    Journal(folder, Codec()).reserve(b"l", folders, "a", ".txt")
    again = Journal(folder, Codec())
    assert [again.reserve(key, folders, "a", ".txt").name for key in (b"l", b"k")] == [
        "a_00002_.txt",
        "a_00001_.txt",
    ]


def test_forgetting_a_job_removes_what_it_left_empty_and_nothing_else(
    attempt: Callable[..., Result], tmp_path: Path
) -> None:
    graph = graph_of(("all", "WriteAll", {"value": 7}))
    fails_at.add("file 1")
    attempt(graph)
    (tmp_path / "output" / "other.txt").touch()
    draft = tmp_path / "output" / ".many_00002_.txt.12ab.part"
    draft.touch()
    forget(folder_of(tmp_path, "job"))
    assert set(written(tmp_path)) == {"many_00001_.txt", "other.txt"}
    assert list((tmp_path / "cache" / "jobs").iterdir()) == []


def test_a_name_that_another_took_first_is_left_alone(tmp_path: Path, monkeypatch: Any) -> None:
    folders, folder = Folders(tmp_path), folder_of(tmp_path, "job")
    (tmp_path / "output").mkdir()
    monkeypatch.setattr("safelight.core.folder._last_number", lambda *_: 0)
    (tmp_path / "output" / "a_00001_.txt").touch()  # another worker's, and still empty
    assert Journal(folder, Codec()).reserve(b"k", folders, "a", ".txt").name == "a_00002_.txt"
    assert Journal(folder, Codec()).reserve(b"k", folders, "a", ".txt").name == "a_00002_.txt"
    forget(folder)
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["a_00001_.txt"]


def test_a_name_is_given_again_after_it_was_filled_by_the_attempt_that_found_it_empty(
    tmp_path: Path,
) -> None:
    folders, folder = Folders(tmp_path), folder_of(tmp_path, "job")
    first = Journal(folder, Codec()).reserve(b"k", folders, "a", ".txt")
    # The first attempt was killed after it had made the file, and before it could say so.
    announced = next(line for line in (folder / NAME).read_bytes().split(b"\n") if b'"for"' in line)
    (folder / NAME).write_bytes(announced + b"\n")
    Journal(folder, Codec()).reserve(b"k", folders, "a", ".txt").write_text("x")
    assert Journal(folder, Codec()).reserve(b"k", folders, "a", ".txt") == first


def test_hostile_job_ids_stay_in_the_cache(tmp_path: Path) -> None:
    for job in ("../../etc", "a/b", "", "x" * 5000, "\ud800", "nul\0"):
        assert folder_of(tmp_path, job).parent == tmp_path / "cache" / "jobs"


def test_a_context_without_a_journal_reserves_as_ever(tmp_path: Path) -> None:
    assert AnyContext.plain(tmp_path).reserve("a", ".txt").name == "a_00001_.txt"


SCRIPT = """
import sys
from pathlib import Path
from safelight.core.folder import Folders
from safelight.core.journal import Journal, folder_of
from safelight.core.store.codec import Codec
data = Path(sys.argv[1])
journal = Journal(folder_of(data, "job"), Codec())
print("ready", flush=True)
for number in range(10**6):
    journal.reserve(b"%d" % number, Folders(data), "a", ".txt").write_text("x")
"""


def test_no_name_is_lost_wherever_the_process_is_killed(tmp_path: Path) -> None:
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SCRIPT), tmp_path], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        _wait_for_files(tmp_path / "output", 20)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    journal = Journal(folder_of(tmp_path, "job"), Codec())
    count = len(list((tmp_path / "output").iterdir()))
    again = {journal.reserve(b"%d" % number, Folders(tmp_path), "a", ".txt") for number in range(count)}
    assert len(again) == count
    assert sorted(again) == sorted((tmp_path / "output").iterdir())


def _wait_for_files(folder: Path, more: int) -> None:
    before = sum(1 for _ in _entries(folder))
    while sum(1 for _ in _entries(folder)) < before + more:
        pass


def _entries(folder: Path) -> Iterator[Path]:
    yield from folder.iterdir() if folder.is_dir() else ()
