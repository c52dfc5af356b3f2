"""Custom Combo: its list is written on the node, and saved behind the choice and its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nodes.utilities.custom_combo import custom_combo
from safelight import BadInput, Registry
from safelight.compat import Document, from_prompt, to_graph
from safelight.compat.named import take, tell
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.store.codec import Codec
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store

NEW = ["9:16", 1, "16:9", "9:16", ""]
OLD = ["9:16", "16:9", "9:16", ""]
NAMED = {"choice": "9:16", "index": 1, "option1": "16:9", "option2": "9:16", "option3": ""}


@pytest.fixture(scope="module")
def registry() -> Registry:
    found = Registry()
    found.load("nodes")
    return found


def document(values: list[Any]) -> Document:
    socket = {"name": "choice", "type": "COMBO", "widget": {"name": "choice"}, "link": None}
    node = {
        "id": 1,
        "type": "CustomCombo",
        "inputs": [socket],
        "outputs": [
            {"name": "STRING", "type": "STRING", "links": None},
            {"name": "INDEX", "type": "INT", "links": None},
        ],
        "widgets_values": values,
    }
    tree = {"last_node_id": 1, "last_link_id": 0, "nodes": [node], "links": [], "version": 0.4}
    return Document.parse(json.dumps(tree))


def changed(values: list[Any], registry: Registry, **now: Any) -> list[Any]:
    """What a file holds once a client gave the node these values."""
    told = tell(document(values), registry)
    told["nodes"][0]["values"] = now
    found: list[Any] = take(told, registry).tree["nodes"][0]["widgets_values"]
    return found


def test_a_choice_comes_with_its_place_in_the_list() -> None:
    options = {"option1": "a", "option2": "", "option10": "c", "option9": "b", "index": 7}
    assert custom_combo(choice="c", options=options) == ("c", 3)
    assert custom_combo(choice="gone", options=options) == ("gone", -1)
    assert custom_combo(choice="alone", options={"index": 2}) == ("alone", 2)


@pytest.mark.parametrize(
    ("choice", "options", "name"),
    [(None, {}, "choice"), ("a", {"option1": 3}, "option1"), ("a", {"index": "x"}, "index")],
)
def test_what_is_no_text_is_refused_by_name(choice: Any, options: dict[str, Any], name: str) -> None:
    with pytest.raises(BadInput) as caught:
        custom_combo(choice=choice, options=options)
    assert caught.value.where.input == name


def test_files_of_today_and_of_before_there_was_a_place_are_read_by_name(registry: Registry) -> None:
    assert tell(document(NEW), registry)["nodes"][0]["values"] == NAMED
    before = {name: value for name, value in NAMED.items() if name != "index"}
    assert tell(document(OLD), registry)["nodes"][0]["values"] == before
    node = to_graph(document(OLD), registry).graph.nodes["1"]
    assert node.inputs == before


def test_a_text_more_or_less_changes_the_saved_list(registry: Registry) -> None:
    longer = {**NAMED, "option3": "1:1", "option4": ""}
    assert changed(NEW, registry, **longer) == ["9:16", 1, "16:9", "9:16", "1:1", ""]
    shorter = {"choice": "16:9", "index": 0, "option1": "16:9", "option2": ""}
    assert changed(NEW, registry, **shorter) == ["16:9", 0, "16:9", ""]
    assert changed(OLD, registry, **{**NAMED, "choice": "16:9", "index": 0})[:3] == ["16:9", 0, "16:9"]


def test_a_file_that_nobody_changed_is_saved_as_it_was(registry: Registry) -> None:
    for values in (NEW, OLD):
        file = document(values)
        assert take(tell(file, registry), registry).write() == file.write()


def test_a_prompt_with_its_texts_runs_and_becomes_a_file_with_them(
    registry: Registry, tmp_path: Path
) -> None:
    prompt = {"1": {"class_type": "CustomCombo", "inputs": NAMED}}
    digests = Digests()
    store = Store(MemoryStore(10**6), None, digest_of=digests.of, codec=Codec())
    engine = Engine(registry, store, Folders(tmp_path), digests=digests)
    run = engine.run(from_prompt(prompt), ["1"])
    engine.close()
    assert (*run.values["1"], run.notices) == ("9:16", 1, [])
    named = tell(Document.parse(json.dumps(prompt)), registry)
    assert named["nodes"][0]["values"] == NAMED
    assert to_graph(take(named, registry), registry).graph.nodes["1"].inputs == NAMED
