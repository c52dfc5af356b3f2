"""MemoryStore: bounded by bytes; what is large and quick to make again leaves first."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from safelight.core.store.memory import OVERHEAD, MemoryStore, weigh
from safelight.core.store.record import Record


def key(name: object) -> bytes:
    return str(name).encode()


def of(size: int, seconds: float = 1.0) -> Record:
    return Record(("x" * (size - OVERHEAD - 50),), seconds=seconds)


def test_what_is_put_is_found() -> None:
    store = MemoryStore(10_000)
    kept = of(1000)
    store.put(key("a"), kept)
    assert store.get(key("a")) is kept
    assert key("a") in store
    assert store.get(key("b")) is None
    assert (len(store), store.used) == (1, 1000)


def test_a_store_without_room_keeps_nothing() -> None:
    store = MemoryStore(0)
    store.put(key("a"), Record((1,)))
    assert (len(store), store.used) == (0, 0)


def test_what_is_larger_than_the_limit_is_not_kept_and_drives_nothing_out() -> None:
    store = MemoryStore(10_000)
    store.put(key("small"), of(1000))
    store.put(key("large"), of(20_000))
    assert key("small") in store
    assert key("large") not in store


def test_the_quickest_to_make_again_leaves_first() -> None:
    store = MemoryStore(10_000)
    for number in range(9):
        store.put(key(number), of(1000, seconds=0.001 if number == 4 else 10.0))
    store.put(key("new"), of(1500, seconds=10.0))
    assert key(4) not in store
    assert key("new") in store


def test_the_largest_leaves_first_where_the_cost_is_the_same() -> None:
    store = MemoryStore(10_000)
    store.put(key("large"), of(5000))
    for number in range(4):
        store.put(key(number), of(1000))
    store.put(key("new"), of(2000))
    assert key("large") not in store
    assert all(key(number) in store for number in range(4))


def test_the_longest_unused_leaves_first_where_all_else_is_the_same() -> None:
    store = MemoryStore(10_000)
    for number in range(10):
        store.put(key(number), of(1000))
    store.get(key(0))
    store.put(key("new"), of(1000))
    assert key(0) in store
    assert key(1) not in store


def test_putting_a_record_again_counts_it_once() -> None:
    store = MemoryStore(10_000)
    kept = of(1000)
    for _ in range(5):
        store.put(key("a"), kept)
    store.put(key("a"), of(2000))
    assert (len(store), store.used) == (1, 2000)


def test_dropping_gives_the_room_back() -> None:
    store = MemoryStore(10_000)
    store.put(key("a"), of(1000))
    store.put(key("b"), of(1000))
    store.drop(key("a"))
    store.drop(key("never there"))
    assert (len(store), store.used) == (1, 1000)
    store.clear()
    assert (len(store), store.used) == (0, 0)


@given(
    steps=st.lists(
        st.tuples(st.sampled_from("pdg"), st.integers(0, 8), st.integers(500, 6000), st.floats(0, 100))
    )
)
def test_the_bound_holds_and_the_sum_is_right_whatever_happens(
    steps: list[tuple[str, int, int, float]],
) -> None:
    store = MemoryStore(10_000)
    for action, name, size, seconds in steps:
        if action == "p":
            store.put(key(name), of(size, seconds))
        elif action == "d":
            store.drop(key(name))
        else:
            store.get(key(name))
        assert store.used <= 10_000
        assert store.used == sum(record.size for record in store._records.values())


class Sized:
    nbytes = 5000


class Strange:
    def nbytes(self) -> int:
        return 5000


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        (torch.zeros(1000), 4000, 4100),
        ({"samples": torch.zeros(1000), "n": 1}, 4000, 4500),
        ([(torch.zeros(500), {"x": torch.zeros(500)})], 4000, 4600),
        ("x" * 5000, 5000, 5100),
        (b"x" * 5000, 5000, 5100),
        (Sized(), 5000, 5000),
        (Strange(), 1, 1000),
        (object(), 1, 1000),
        (None, 1, 100),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_weighs_about_what_it_keeps_alive(value: Any, least: int, most: int) -> None:
    assert least <= weigh(value) <= most
