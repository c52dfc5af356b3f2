"""DiskStore: a folder of results that survives kills, damage, full disks and other processes."""

from __future__ import annotations

import errno
import logging
import os
import random
import signal
import subprocess
import sys
import time
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
import torch

from safelight.core.store import format
from safelight.core.store.codec import Codec
from safelight.core.store.disk import SUFFIX, DiskStore
from safelight.core.store.record import Record


def key(name: object) -> bytes:
    return blake2b(str(name).encode(), digest_size=20).digest()


def record(*outputs: Any, **fields: Any) -> Record:
    made = Record(outputs, type="Toy", seconds=2.5)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


@pytest.fixture
def store(tmp_path: Path, codec: Codec) -> DiskStore:
    return DiskStore(tmp_path / "cache", codec)


def files(store: DiskStore) -> list[Path]:
    """Every file below the store's folder, drafts included."""
    return [path for path in store.root.rglob("*") if path.is_file()]


def outputs(store: DiskStore, name: object) -> Any:
    found = store.get(key(name))
    return None if found is None else found.outputs


def test_a_record_comes_back_with_all_that_it_says(store: DiskStore, same: Any) -> None:
    kept = record(
        torch.arange(3.0),
        (1, nested := {"x": [None]}),
        shown={"images": [{"filename": "a.png"}]},
        reads=(("/a", "12"),),
        trail=(("/b", "34"),),
        writes=("/out/a.png",),
        counts={0: 3},
    )
    before = time.time()
    assert store.put(key("a"), kept) is None
    found = store.get(key("a"))
    assert found is not None
    assert same(found.outputs, (torch.arange(3.0), (1, nested)))
    assert (found.type, found.seconds) == ("Toy", 2.5)
    assert (found.shown, found.reads, found.trail) == (kept.shown, kept.reads, kept.trail)
    assert (found.writes, found.counts) == (kept.writes, kept.counts)
    assert before <= found.made <= time.time()


def test_what_is_shown_is_for_people_and_holds_no_tensors(store: DiskStore) -> None:
    made = record(torch.zeros(3), shown={"preview": [torch.zeros(3)]})
    assert store.put(key("a"), made) == "what it shows holds a tensor"
    assert files(store) == []


def test_a_key_that_was_never_written_is_a_miss(store: DiskStore) -> None:
    assert key("a") not in store
    assert store.get(key("a")) is None
    store.drop(key("a"))


def test_a_dropped_record_is_gone(store: DiskStore) -> None:
    store.put(key("a"), record(1))
    store.drop(key("a"))
    assert key("a") not in store
    assert files(store) == []


def test_what_cannot_be_stored_is_refused_with_the_reason(store: DiskStore) -> None:
    assert "object has no exact form on disk" in str(store.put(key("a"), record(object())))
    assert files(store) == []


def test_a_late_record_reads_its_tensors_when_they_are_asked_for(
    store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(key("a"), record(torch.ones(3), writes=("/a.png",)))
    loads: list[Path] = []
    load = store.codec.format().load
    monkeypatch.setattr(store.codec.tensors, "load", lambda path: loads.append(path) or load(path))
    found = store.get(key("a"), late=True)
    assert found is not None
    assert (found.writes, loads) == (("/a.png",), [])
    assert torch.equal(found.outputs[0], torch.ones(3))
    assert len(loads) == 1


# Tensors that a body changes in place


def test_a_tensor_that_was_changed_is_not_written(store: DiskStore) -> None:
    tensor = torch.zeros(3)
    made = record(tensor, marks=((tensor, tensor._version),))
    tensor += 1
    assert "changed" in str(store.put(key("a"), made))
    assert key("a") not in store
    assert files(store) == []


def test_a_tensor_that_is_changed_while_it_is_written_gets_no_file(
    store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensor = torch.zeros(3)
    named: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: tensor.add_(1))
    monkeypatch.setattr(os, "replace", lambda *words: named.append("named"))
    assert "changed" in str(store.put(key("a"), record(tensor, marks=((tensor, tensor._version),))))
    assert named == []
    assert files(store) == []


# Damage


def damage(store: DiskStore, name: object, content: bytes | None = None) -> Path:
    path = store._path(key(name))
    path.write_bytes(path.read_bytes()[:-1] if content is None else content)
    return path


TREES: list[Any] = [
    None,
    [],
    {},
    {"outputs": []},
    {"outputs": 3, "type": "", "seconds": 0, "made": 0, "shown": None, "reads": [], "writes": []},
    {"outputs": [{"$": "tensor", "v": "t9"}]},
    {"outputs": [{"$": "tuple", "v": 5}]},
    {"outputs": [{"$": "float", "v": None}]},
    {"outputs": [{"$": "dict", "v": [[[], 1]]}]},
    {"outputs": [{"$": "bytes", "v": "not base 64!"}]},
    {"outputs": [{"$": ["unhashable"], "v": 1}]},
    {"outputs": [{"$": "broken", "v": 1}]},
]


@pytest.mark.parametrize(
    "content",
    [None, b"", b"garbage", b"\0" * 4096, *TREES[1:]],
    ids=lambda content: str(content)[:30],
)
@pytest.mark.parametrize("late", [False, True])
def test_a_damaged_file_is_a_miss_and_is_deleted_and_logged(
    store: DiskStore, tmp_path: Path, caplog: pytest.LogCaptureFixture, content: Any, late: bool
) -> None:
    def broken(tree: Any) -> Any:
        raise AttributeError("a plugin's class met something that it does not know")

    store.codec.register("broken", Model, lambda it: 1, broken)
    store.put(key("a"), record([1, 2]))
    if isinstance(content, (list, dict)):
        format.write(tmp_path / "tree", content, {}, store.codec)
        content = (tmp_path / "tree").read_bytes()
    path = damage(store, "a", content)
    assert store.get(key("a"), late) is None
    assert not path.exists()
    assert key("a") not in store
    assert "is damaged" in caplog.text
    assert store.put(key("a"), record(3)) is None
    assert outputs(store, "a") == (3,)


def test_any_truncation_is_a_miss(store: DiskStore) -> None:
    store.put(key("a"), record(torch.arange(4.0), "text"))
    whole = store._path(key("a")).read_bytes()
    for length in range(len(whole)):
        store._path(key("a")).write_bytes(whole[:length])
        store._fresh.clear()
        store._listed.clear()
        assert store.get(key("a")) is None


def test_a_damaged_file_in_a_read_only_folder_is_a_miss(
    store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(key("a"), record(1))
    damage(store, "a")

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert store.get(key("a")) is None
    assert store.clear() == 0


@pytest.mark.parametrize("error", [OSError(errno.EMFILE, "Too many open files"), MemoryError()])
def test_a_file_that_cannot_be_read_now_is_a_miss_and_stays(
    store: DiskStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    store.put(key("a"), record(torch.zeros(3)))

    def fail(path: Path) -> Any:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(store.codec.tensors, "load", fail)
        assert store.get(key("a")) is None
    assert "cannot be read" in caplog.text
    assert store.get(key("a")) is not None


class Model:
    pass


def test_a_process_that_does_not_know_a_class_leaves_its_files_alone(tmp_path: Path, codec: Codec) -> None:
    codec.register("model", Model, lambda it: 1, lambda tree: Model())
    DiskStore(tmp_path, codec).put(key("a"), record(Model()))
    DiskStore(tmp_path, codec).put(key("b"), record(torch.zeros(1)))
    stranger = DiskStore(tmp_path, Codec())
    assert stranger.get(key("a")) is None
    assert stranger.get(key("b")) is None
    assert len(files(stranger)) == 2


def test_what_else_lies_in_the_folder_is_left_alone(store: DiskStore) -> None:
    store.put(key("a"), record(1))
    folder = store._path(key("a")).parent
    strangers = [folder / "notes.txt", folder / f"model{SUFFIX}", store.root / f"x{SUFFIX}"]
    for path in strangers:
        path.write_text("mine")
    store.refresh()
    assert outputs(store, "a") == (1,)
    assert all(path.exists() for path in strangers)


# Full and read-only disks


def test_a_full_disk_is_one_warning(
    store: DiskStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*words: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    reasons = [store.put(key(name), record(torch.zeros(3), name)) for name in "abc"]
    assert all("No space left on device" in str(reason) for reason in reasons)
    assert [line.levelno for line in caplog.records] == [logging.WARNING]
    assert files(store) == []
    assert store.get(key("a")) is None


LIMITED = """
import resource, sys
from pathlib import Path
import torch
from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.record import Record
from safelight.tensor import TorchFormat

store = DiskStore(Path(sys.argv[1]), Codec(tensors=TorchFormat()))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
print(store.put(b"a" * 20, Record((torch.zeros(100_000),))))
print(store.put(b"b" * 20, Record(("x" * 100_000,))))
print(store.put(b"c" * 20, Record(("small",))))
"""


def test_a_file_that_the_system_refuses_to_let_grow_is_a_warning(tmp_path: Path, codec: Codec) -> None:
    command = [sys.executable, "-c", LIMITED, os.fspath(tmp_path / "cache")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=True)
    one, other, small = done.stdout.splitlines()
    assert "File too large" in one
    assert "File too large" in other
    assert small == "None"
    assert "results cannot be kept in" in done.stderr
    store = DiskStore(tmp_path / "cache", codec)
    assert [path.name for path in files(store)] == [f"{(b'c' * 20).hex()}{SUFFIX}"]


def test_a_file_in_the_place_of_the_folder_is_a_warning(
    tmp_path: Path, codec: Codec, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("mine")
    store = DiskStore(tmp_path / "cache", codec)
    assert key("a") not in store
    assert store.put(key("a"), record(1)) is not None
    assert store.get(key("a")) is None
    assert list(store.entries()) == []
    assert "results cannot be kept in" in caplog.text


# Killed processes

WRITER = """
import os, sys
from pathlib import Path
import torch
from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.record import Record
from safelight.tensor import TorchFormat

torch.set_num_threads(1)
for life in range(int(sys.argv[2])):
    child = os.fork()
    if not child:
        store = DiskStore(Path(sys.argv[1]), Codec(tensors=TorchFormat()))
        print(os.getpid(), flush=True)
        for number in range(1_000_000):
            store.put(number.to_bytes(20, "little"), Record((torch.full((50_000,), number), number)))
    os.waitpid(child, 0)
"""
LIVES = 8


def test_a_killed_writer_leaves_whole_files_only(tmp_path: Path, codec: Codec) -> None:
    chance = random.Random(7)
    command = [sys.executable, "-c", WRITER, os.fspath(tmp_path), str(LIVES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(LIVES):
            process = int(writer.stdout.readline())
            time.sleep(chance.uniform(0.005, 0.1))
            os.kill(process, signal.SIGKILL)
    store = DiskStore(tmp_path, codec)
    entries = list(store.entries())
    assert entries
    for entry in entries:
        found = store.verify(entry)
        assert found is not None
        tensor, number = found.outputs
        assert torch.equal(tensor, torch.full((50_000,), number))


def test_drafts_of_killed_processes_are_cleared_away(store: DiskStore) -> None:
    store.put(key("a"), record(1))
    draft = store._path(key("a")).with_name(".left.1.2.part")
    draft.write_bytes(b"half")
    os.utime(draft, (1, 1))
    again = DiskStore(store.root, store.codec)
    again.put(key("b"), record(2))
    assert not draft.exists()
    assert outputs(again, "a") == (1,)


# Several processes


def test_two_processes_share_the_folder(tmp_path: Path, codec: Codec) -> None:
    one, other = DiskStore(tmp_path, codec), DiskStore(tmp_path, codec)
    assert key("a") not in other
    one.put(key("a"), record(1))
    other.refresh()
    assert outputs(other, "a") == (1,)
    one.drop(key("a"))
    assert other.get(key("a")) is None
    assert key("a") not in other


def test_what_another_process_writes_at_the_same_moment_is_seen_by_the_next_run(
    tmp_path: Path, codec: Codec
) -> None:
    one, other = DiskStore(tmp_path, codec), DiskStore(tmp_path, codec)
    keys = [bytes([7]) + key(number)[1:] for number in range(30)]
    for number, each in enumerate(keys):
        one.put(each, record(number))
        folder = one._path(each).parent
        os.utime(folder, ns=(stamp := time.time_ns(), stamp))
        other.refresh()
        assert each in other
        late = bytes([7]) + key(f"late {number}")[1:]
        one.put(late, record(number))
        os.utime(folder, ns=(stamp, stamp))
        other.refresh()
        assert late in other


SHARED = """
import sys
from pathlib import Path
from hashlib import blake2b
from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.record import Record

store = DiskStore(Path(sys.argv[1]), Codec(), limit=int(sys.argv[2]))
for number in range(150):
    key = blake2b(str(number % 40).encode(), digest_size=20).digest()
    if store.put(key, Record((number % 40, "x" * 500))) is not None:
        print("not stored")
    found = store.get(key)
    if found is not None and found.outputs != (number % 40, "x" * 500):
        print("wrong", number)
    store.refresh()
"""


@pytest.mark.parametrize("limit", [10**9, 8_000])
def test_processes_that_write_the_same_keys_do_not_get_in_each_others_way(
    tmp_path: Path, codec: Codec, limit: int
) -> None:
    command = [sys.executable, "-c", SHARED, os.fspath(tmp_path), str(limit)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in running:
        assert process.communicate(timeout=60) == ("", "")
    store = DiskStore(tmp_path, codec)
    assert all(store.verify(entry) is not None for entry in store.entries())
    assert len(files(store)) == len(list(store.entries()))


# Bounds


def used(store: DiskStore) -> int:
    return sum(entry.size for entry in store.entries())


def test_the_folder_is_bounded_and_the_least_recently_used_leave_first(tmp_path: Path, codec: Codec) -> None:
    store = DiskStore(tmp_path, codec, limit=50_000)
    for number in range(40):
        store.put(key(number), record("x" * 4_000))
        os.utime(store._path(key(number)), (1000 + number, 1000 + number))
        store.get(key(0))
        assert used(store) <= 50_000
    assert key(39) in store
    assert key(0) in store
    assert key(1) not in store


def test_a_record_above_the_limit_does_not_stay(tmp_path: Path, codec: Codec) -> None:
    store = DiskStore(tmp_path, codec, limit=10_000)
    store.put(key("a"), record("x" * 20_000))
    assert used(store) == 0
    assert key("a") not in store


def test_what_was_there_before_counts(tmp_path: Path, codec: Codec) -> None:
    first = DiskStore(tmp_path, codec)
    for number in range(20):
        first.put(key(number), record("x" * 4_000))
    DiskStore(tmp_path, codec, limit=50_000).put(key("new"), record("x"))
    assert used(first) <= 50_000


def test_what_other_processes_write_counts_too(tmp_path: Path, codec: Codec) -> None:
    stores = [DiskStore(tmp_path, codec, limit=100_000) for _ in range(3)]
    for number in range(90):
        stores[number % 3].put(key(number), record("x" * 4_000))
        assert used(stores[0]) <= 120_000


def test_writing_the_same_record_again_does_not_count_twice(tmp_path: Path, codec: Codec) -> None:
    store = DiskStore(tmp_path, codec, limit=100_000)
    store.put(key("first"), record("x" * 4_000))
    for _ in range(60):
        store.put(key("again"), record("x" * 4_000))
    assert key("first") in store


def test_clearing_tells_how_many_there_were(store: DiskStore) -> None:
    for number in range(5):
        store.put(key(number), record(number))
    assert store.clear() == 5
    assert files(store) == []
    assert key(1) not in store
    assert store.put(key(1), record(1)) is None


# What `safelight cache` asks


def test_a_file_tells_of_itself_without_its_tensors(store: DiskStore) -> None:
    store.put(key("a"), record(torch.zeros(1000)))
    (entry,) = store.entries()
    head = store.head(entry)
    assert head is not None
    assert (head["type"], head["seconds"]) == ("Toy", 2.5)
    assert entry.size > 4000
    assert abs(entry.used - time.time()) < 60


@pytest.mark.parametrize("content", [b"garbage", b""])
def test_a_damaged_file_tells_nothing_and_is_left_to_who_asked(store: DiskStore, content: bytes) -> None:
    store.put(key("a"), record(1))
    damage(store, "a", content)
    (entry,) = store.entries()
    assert store.head(entry) is None
    assert store.verify(entry) is None
    assert entry.path.exists()
