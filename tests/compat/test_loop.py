"""Loops of saved files: they are read as they are, run, and are saved as they were."""

from __future__ import annotations

from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nodes.utilities.create_list import create_list
from nodes.utilities.looping.end import end_loop
from nodes.utilities.looping.start import start_loop
from safelight import Many, Registry, node
from safelight.compat import Document, replace_nodes, to_graph, to_prompt
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.graph import Graph, Link
from safelight.core.store.codec import Codec
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store
from safelight.tensor import storing


@node("Double", category="toy")
def double(*, value: float = 1.0, index: int = 0) -> float:
    """Double a number and add the index."""
    return 2 * value + index


@node("All", category="toy")
def everything(*, values: Many[float]) -> Any:
    """Take all items."""
    return list(values)


NODES = (double, everything, create_list, start_loop, end_loop)
REGISTRY = Registry([one.spec for one in NODES])  # type: ignore[attr-defined]


def socket(name: str, link: int | None = None, widget: bool = False) -> dict[str, Any]:
    return {"name": name, "type": "*", "link": link, **({"widget": {"name": name}} if widget else {})}


def file(values: list[Any], accumulate: bool) -> Document:
    """start -> double -> end -> all; the value goes round, or the items of a list come."""
    listed = values[0] == "List"
    nodes = [
        {"id": 1, "type": "Double"},
        {"id": 6, "type": "CreateList", "inputs": [socket("inputs.input0", 8), socket("inputs.input1", 9)]},
        {"id": 2, "type": "StartLoop", "widgets_values": values,
         "inputs": [socket("parent_iteration"), socket("initial_iteration_value", 1),
                    *([socket("mode.list", 7)] if listed else [])]},
        {"id": 3, "type": "Double", "inputs": [socket("value", 2, True), socket("index", 3, True)],
         "widgets_values": [9.0, 9]},
        {"id": 4, "type": "EndLoop", "widgets_values": [accumulate],
         "inputs": [socket("output_value", 4), socket("next_iteration_value", 5),
                    socket("terminations.termination0")]},
        {"id": 5, "type": "All", "inputs": [socket("values", 6)]},
    ]  # fmt: skip
    links = [[1, 1, 0, 2, 1, "*"], [2, 2, 3 if listed else 4, 3, 0, "*"], [3, 2, 0, 3, 1, "*"],
             [4, 3, 0, 4, 0, "*"],
             [5, 3, 0, 4, 1, "*"], [6, 4, 0, 5, 0, "*"], [8, 1, 0, 6, 0, "*"], [9, 1, 0, 6, 1, "*"],
             *([[7, 6, 0, 2, 2, "*"]] if listed else [])]  # fmt: skip
    return Document({"nodes": nodes, "links": links})


@pytest.fixture
def engine(tmp_path: Any) -> Any:
    digests = Digests()
    store = Store(MemoryStore(10**8), None, digest_of=digests.of, codec=Codec())
    made = Engine(REGISTRY, store, Folders(tmp_path), digests=digests)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("values", "accumulate", "result"),
    [
        (["simple", 3, False], True, [4.0, 9.0, 20.0]),
        (["simple", 3, False], False, [20.0]),
        (["For", 5, 9, 2, False], True, [9.0, 25.0]),
        (["List", False], True, [4.0, 5.0]),
    ],
)
def test_a_loop_of_a_file_runs(values: list[Any], accumulate: bool, result: list[float], engine: Any) -> None:
    converted = to_graph(file(values, accumulate), REGISTRY)
    graph, notices = replace_nodes(converted.graph, REGISTRY)
    assert [*converted.notices, *notices] == []
    assert engine.run(graph, ["5"]).values["5"] == (result,)


def test_a_prompt_has_the_loop_as_the_file_has_it() -> None:
    graph, _ = replace_nodes(to_graph(file(["For", 5, 9, 2, False], True), REGISTRY).graph, REGISTRY)
    prompt = to_prompt(graph)
    assert prompt["2"]["inputs"] == {
        "mode": "For",
        "mode.start_iteration_index": 5,
        "mode.max_iteration": 9,
        "mode.step": 2,
        "cache_iterations": False,
        "initial_iteration_value": ["1", 0],
    }
    again = Document(prompt)
    assert to_graph(again, REGISTRY).graph == graph


def test_what_is_called_as_a_list_in_an_api_file_is_the_list(engine: Any) -> None:
    graph = Graph()
    graph.add("s", "StartLoop", **{"mode": "List", "mode.list": [1.0, 2.0, 5.0]})
    graph.add("d", "Double", value=Link("s", 3))
    graph.add("e", "EndLoop", output_value=Link("d"), accumulate=True)
    graph.add("all", "All", values=Link("e"))
    assert engine.run(graph, ["all"]).values["all"] == ([2.0, 4.0, 10.0],)


def test_a_loop_of_a_public_template_runs_as_often_as_the_size_of_a_picture_asks(tmp_path: Path) -> None:
    """It reduces a side ratio: 96 x 72 pixels have 24 in common; it goes round twelve times."""
    spec = find_spec("comfyui_workflow_templates_json")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "templates" / "image_ming_image_01_design_image_edit.json"
    registry = Registry().load("nodes")
    graph = to_graph(Document.read(path), registry).graph
    (tmp_path / "input").mkdir()
    Image.new("RGB", (96, 72)).save(tmp_path / "input" / str(graph["49"].inputs["image"]))
    digests = Digests()
    store = Store(MemoryStore(10**8), None, digest_of=digests.of, codec=storing())
    with closing(Engine(registry, store, Folders(tmp_path), digests=digests)) as engine:
        result = engine.run(graph, ["339:338:332"]).raise_for_error()
        assert result.values["339:338:332"] == (24,)
        turns = {id.rpartition(".")[2] for id in result.nodes if id.startswith("339:338:328.")}
        assert turns == {str(turn) for turn in range(12)}
        again = engine.run(graph, ["339:338:332"])
        assert [id for id, report in again.nodes.items() if report.state == "ran"] == []
