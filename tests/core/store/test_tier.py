"""Store: memory over disk, written behind; nothing in it changes under its key."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from safelight.core.digest import Digests
from safelight.core.store import tier
from safelight.core.store.codec import Codec
from safelight.core.store.disk import DiskStore
from safelight.core.store.memory import MemoryStore
from safelight.core.store.record import Record
from safelight.core.store.tier import Found, Store, tensors_in
from safelight.tensor import TorchFormat

A, B = b"a" * 20, b"b" * 20


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with both tiers."""
    store = open_store(tmp_path)
    yield store
    store.close()


def open_store(folder: Path, memory: int = 10**8) -> Store:
    disk = DiskStore(folder / "cache", Codec(tensors=TorchFormat()))
    return Store(MemoryStore(memory), disk, digest_of=Digests().of)


def found(store: Store, key: bytes) -> Found:
    result = store.find(key)
    assert isinstance(result, Found)
    return result


def test_what_is_put_is_found_in_memory_at_once(store: Store) -> None:
    store.put(A, Record((torch.ones(3),)))
    assert found(store, A).place == "memory"
    assert store.has(A) == "memory"
    assert store.find(B) is None
    assert store.has(B) is None


def test_the_next_process_finds_it_on_disk_and_then_in_memory(store: Store, tmp_path: Path) -> None:
    store.put(A, Record((torch.ones(3),), type="Toy"))
    store.flush()
    other = open_store(tmp_path)
    assert other.has(A) == "disk"
    assert found(other, A).place == "disk"
    assert torch.equal(found(other, A).record.outputs[0], torch.ones(3))
    assert found(other, A).place == "memory"


def test_what_is_quick_and_plain_is_not_written(store: Store) -> None:
    store.put(A, Record((3, "x"), seconds=1e-5))
    store.put(B, Record((3, "x"), seconds=1.0))
    store.flush()
    assert store.disk is not None
    assert A not in store.disk
    assert B in store.disk


def test_what_was_shown_or_saved_is_written_however_quick(store: Store) -> None:
    shown, saved = Record((1,)), Record(())
    shown.shown = {"text": ["x"]}
    saved.writes = ("/a.png",)
    store.put(A, shown)
    store.put(B, saved)
    store.flush()
    assert store.disk is not None
    assert A in store.disk
    assert B in store.disk


def test_without_a_disk_memory_does(tmp_path: Path) -> None:
    store = Store(MemoryStore(10**6), digest_of=Digests().of)
    called: list[str] = []
    store.put(A, Record(([1],), seconds=1.0), then=lambda: called.append("then"))
    assert found(store, A).place == "memory"
    assert called == ["then"]
    store.drop(A)
    assert store.find(A) is None
    store.close()


def test_what_left_memory_is_found_on_disk(tmp_path: Path) -> None:
    store = open_store(tmp_path, memory=10_000)
    for number in range(20):
        store.put(bytes([number]) * 20, Record((torch.full((500,), number),)))
    store.flush()
    places = [found(store, bytes([number]) * 20).place for number in range(20)]
    assert "disk" in places
    for number in range(20):
        assert found(store, bytes([number]) * 20).record.outputs[0][0] == number
    assert store.memory.used <= 10_000
    store.close()


# Slices


def test_a_slice_is_copied_before_it_is_kept(store: Store) -> None:
    whole = torch.zeros(1000, 1000)
    record = Record((whole[0], {"mask": (whole[1:2],)}))
    store.put(A, record)
    for kept in (record.outputs[0], record.outputs[1]["mask"][0]):
        assert kept.untyped_storage().nbytes() == 4000
    whole += 1
    assert torch.equal(found(store, A).record.outputs[0], torch.zeros(1000))


def test_a_whole_tensor_is_kept_as_it_is(store: Store) -> None:
    whole = torch.zeros(10)
    store.put(A, Record((whole,)))
    assert found(store, A).record.outputs[0] is whole


def test_containers_are_the_stores_own(store: Store) -> None:
    latent: dict[str, Any] = {"samples": torch.zeros(3), "sizes": [1, 2]}
    store.put(A, Record((latent,)))
    latent["sizes"].append(3)
    latent["noise_mask"] = 1
    kept = found(store, A).record.outputs[0]
    assert sorted(kept) == ["samples", "sizes"]
    assert kept["sizes"] == [1, 2]


# Changes in place


def test_a_tensor_that_was_changed_in_place_is_read_from_disk_again(store: Store) -> None:
    tensor = torch.zeros(3)
    store.put(A, Record((tensor,)))
    store.flush()
    tensor += 1
    again = found(store, A)
    assert again.place == "disk"
    assert torch.equal(again.record.outputs[0], torch.zeros(3))


def test_a_tensor_that_was_changed_in_place_is_a_miss_without_a_disk() -> None:
    store = Store(MemoryStore(10**6), digest_of=Digests().of, codec=Codec(tensors=TorchFormat()))
    tensor = torch.zeros(3)
    store.put(A, Record(([{"x": tensor}],)))
    store.put(B, Record((tensor,)))
    tensor.mul_(2)
    assert store.find(A) is None
    assert store.find(B) is None


def test_a_tensor_that_came_from_disk_and_was_changed_is_noticed_too(store: Store, tmp_path: Path) -> None:
    store.put(A, Record((torch.zeros(3),)))
    store.flush()
    other = open_store(tmp_path)
    found(other, A).record.outputs[0].add_(1)
    assert torch.equal(found(other, A).record.outputs[0], torch.zeros(3))


def test_a_tensor_that_is_changed_before_it_is_written_is_not_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = threading.Event()
    assert store.disk is not None
    put = store.disk.put
    monkeypatch.setattr(store.disk, "put", lambda *words: (begin.wait(10), put(*words))[1])
    tensor = torch.zeros(3)
    store.put(A, Record((tensor,)))
    tensor += 1
    begin.set()
    store.flush()
    assert "changed" in store.unstored[A]
    assert A not in store.disk
    assert store.find(A) is None


def test_a_tensor_of_inference_mode_does_not_break_the_store(store: Store) -> None:
    with torch.inference_mode():
        tensor = torch.ones(3)
    assert list(tensors_in([tensor])) == []
    store.put(A, Record((tensor,)))
    store.flush()
    assert torch.equal(found(store, A).record.outputs[0], torch.ones(3))


def test_tensors_are_found_in_any_nesting() -> None:
    one, two, three = torch.zeros(1), torch.zeros(1), torch.zeros(1)
    value = ([one, {"x": (two, "text", None)}], 3, {"y": three})
    assert [id(each) for each in tensors_in(value)] == [id(one), id(two), id(three)]


# Files that belong to a result


def test_a_result_whose_saved_file_is_gone_no_longer_holds(store: Store, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.touch()
    record = Record((1,), seconds=1.0)
    record.writes = (os.fspath(picture),)
    store.put(A, record)
    assert found(store, A)
    picture.unlink()
    assert store.find(A) == "the file a.png is gone"
    store.flush()
    assert store.find(A) is None
    assert store.has(A) is None


def test_a_result_whose_source_file_changed_no_longer_holds(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "style.txt"
    source.write_text("one")
    for key, field in ((A, "reads"), (B, "trail")):
        record = Record((1,), seconds=1.0)
        setattr(record, field, ((os.fspath(source), Digests().of(source)),))
        store.put(key, record)
        assert found(store, key)
    source.write_text("another")
    assert store.find(A) == "the file style.txt changed"
    assert store.find(B) == "the file style.txt changed"


# Writing behind


@pytest.fixture
def slow(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The disk writes only when this is set."""
    gate = threading.Event()
    assert store.disk is not None
    put = store.disk.put

    def wait(*words: Any) -> Any:
        assert gate.wait(60)
        return put(*words)

    monkeypatch.setattr(store.disk, "put", wait)
    yield gate
    gate.set()


def test_nodes_do_not_wait_for_the_disk(store: Store, slow: threading.Event) -> None:
    written: list[str] = []
    store.put(A, Record((torch.zeros(3),)), then=lambda: written.append("written"))
    assert found(store, A).place == "memory"
    assert written == []
    slow.set()
    store.flush()
    assert written == ["written"]


def test_a_passing_item_is_found_while_it_is_written_and_then_leaves_memory(
    store: Store, slow: threading.Event
) -> None:
    store.put(A, Record((torch.ones(3),), seconds=1.0), passing=True)
    assert found(store, A).place == "memory"
    slow.set()
    store.flush()
    assert len(store.memory) == 0
    assert store.has(A) == "disk"
    assert torch.equal(found(store, A).record.outputs[0], torch.ones(3))


def test_a_passing_item_that_is_made_faster_than_read_stays_in_memory(store: Store) -> None:
    store.put(A, Record((torch.ones(300_000),), seconds=1e-6), passing=True)
    store.flush()
    assert store.disk is not None
    assert A not in store.disk
    assert found(store, A).place == "memory"


def test_a_thousand_passing_items_do_not_stand_in_memory_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tier, "BACKLOG", 100_000)
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    most = 0
    for number in range(300):
        key = number.to_bytes(20, "little")
        store.put(key, Record((torch.zeros(2500),), seconds=1.0), passing=True)
        most = max(most, store._bytes + store.memory.used)
    store.flush()
    assert most <= 100_000 + 20_000
    assert store.disk is not None
    assert sum(1 for _ in store.disk.entries()) == 300


def test_a_passing_item_that_cannot_be_written_stays_in_memory_and_says_why(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*words: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    store.put(A, Record((torch.ones(3),), seconds=1.0), passing=True)
    store.flush()
    assert found(store, A).place == "memory"
    assert "No space left on device" in store.unstored[A]


def test_a_value_without_an_exact_form_stays_in_memory_and_says_why(store: Store) -> None:
    value = object()
    store.put(A, Record((value,)))
    store.flush()
    assert found(store, A).record.outputs[0] is value
    assert "object has no exact form on disk" in store.unstored[A]


def test_a_codec_that_fails_does_not_stop_the_writer(store: Store) -> None:
    class Broken:
        pass

    def fail(value: Any) -> Any:
        raise ZeroDivisionError("oops")

    store.codec.register("broken", Broken, fail, fail)
    store.put(A, Record((Broken(),)))
    store.put(B, Record((torch.ones(1),)))
    store.flush()
    assert store.unstored[A] == "ZeroDivisionError: oops"
    assert store.disk is not None
    assert B in store.disk


def test_what_follows_a_write_cannot_stop_the_writer(store: Store) -> None:
    called: list[str] = []

    def fail() -> None:
        called.append("failed")
        raise PermissionError("the checkpoint cannot be removed")

    store.put(A, Record((torch.ones(1),)), then=fail)
    store.put(B, Record((object(),)), then=lambda: called.append("then"))
    store.flush()
    assert called == ["failed", "then"]


def test_a_dropped_record_is_not_written_later(store: Store, slow: threading.Event) -> None:
    store.put(A, Record((torch.zeros(3),)))
    store.put(B, Record((torch.ones(3),)))
    store.drop(B)
    slow.set()
    store.close()
    assert store.disk is not None
    assert B not in store.disk
    assert store.find(B) is None


def test_closing_writes_what_is_left_and_the_store_goes_on(store: Store, slow: threading.Event) -> None:
    others = set(threading.enumerate())
    for number in range(5):
        store.put(bytes([number]) * 20, Record((torch.zeros(3),)))
    slow.set()
    store.close()
    assert store.disk is not None
    assert sum(1 for _ in store.disk.entries()) == 5
    assert "safelight-store" not in {thread.name for thread in set(threading.enumerate()) - others}
    store.put(A, Record((torch.zeros(3),)))
    store.close()
    assert A in store.disk


def test_refreshing_shows_what_another_process_wrote(store: Store, tmp_path: Path) -> None:
    assert store.has(A) is None
    other = open_store(tmp_path)
    other.put(A, Record((torch.zeros(3),)))
    other.close()
    store.refresh()
    assert store.has(A) == "disk"
