"""Lists: several values, or several lists, become one; one item is taken out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nodes.utilities.create_list import create_list
from nodes.utilities.list_item import list_item
from safelight import BadInput, Conditioning, Many, Registry, node
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.graph import Graph, Link
from safelight.core.store.codec import Codec
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store


@node("Three", category="toy")
def three() -> Many[int]:
    """Three numbers, one by one."""
    return Many([1, 2, 3])


@node("Say", category="toy")
def say(*, text: str = "") -> Conditioning:
    """What a text encoder gives: a list that is one value."""
    return [[text, {"pooled": text}]]


@node("Take", category="toy")
def take(*, values: Many[Any]) -> Any:
    """Take all items."""
    return list(values)


REGISTRY = Registry([one.spec for one in (three, say, take, create_list, list_item)])  # type: ignore[attr-defined]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    digests = Digests()
    store = Store(MemoryStore(10**6), None, digest_of=digests.of, codec=Codec())
    made = Engine(REGISTRY, store, Folders(tmp_path), digests=digests)
    yield made
    made.close()


def test_lists_and_single_values_become_one_list(engine: Engine) -> None:
    graph = Graph()
    inputs = {
        "inputs.input0": graph.add("three", "Three"),
        "inputs.input1": 9,
        "inputs.input2": Link("three"),
    }
    graph.add("all", "Take", values=graph.add("list", "CreateList", **inputs))
    assert engine.run(graph, ["all"]).raise_for_error().values["all"] == ([1, 2, 3, 9, 1, 2, 3],)


def test_a_conditioning_is_one_item_though_it_is_a_list(engine: Engine) -> None:
    graph = Graph()
    said = {f"inputs.input{place}": graph.add(text, "Say", text=text) for place, text in enumerate("ab")}
    graph.add("second", "GetItemFromList", list=graph.add("list", "CreateList", **said), index=1)
    assert engine.run(graph, ["second"]).values["second"] == ([["b", {"pooled": "b"}]],)


@pytest.mark.parametrize(("index", "item"), [(0, "a"), (2, "c"), (-1, "c"), (-3, "a")])
def test_an_item_is_counted_from_either_end(index: int, item: str) -> None:
    assert list_item(list=Many("abc"), index=index) == item


@pytest.mark.parametrize("index", [3, -4])
def test_an_item_that_there_is_none_of_is_refused(index: int) -> None:
    with pytest.raises(BadInput, match="the list has 3 items"):
        list_item(list=Many("abc"), index=index)
