"""Loops are written out: each iteration gets what the one before it gave."""

from __future__ import annotations

from typing import Any

import pytest

from nodes.utilities.create_list import create_list
from nodes.utilities.math import evaluate
from safelight import Many, Registry, node
from safelight.compat import Document, replace_nodes, to_graph
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.graph import Graph, Link, Node
from safelight.core.store.codec import Codec
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store


@node("Double", category="toy")
def double(*, value: float = 1.0, index: int = 0) -> float:
    """Double a number and add the index."""
    return 2 * value + index


@node("All", category="toy")
def everything(*, values: Many[float]) -> Any:
    """Take all items."""
    return list(values)


REGISTRY = Registry([double.spec, everything.spec, create_list.spec])  # type: ignore[attr-defined]


def socket(name: str, link: int | None = None, widget: bool = False) -> dict[str, Any]:
    return {"name": name, "type": "*", "link": link, **({"widget": {"name": name}} if widget else {})}


def file(values: list[Any], accumulate: bool, **more: Any) -> Document:
    """start -> double -> end -> all; the value goes round."""
    nodes = [
        {"id": 1, "type": "Double"},
        {"id": 2, "type": "StartLoop", "widgets_values": values,
         "inputs": [socket("initial_iteration_value", 1), socket("mode.num_iterations", None, True)]},
        {"id": 3, "type": "Double", "inputs": [socket("value", 2, True), socket("index", 3, True)],
         "widgets_values": [9.0, 9]},
        {"id": 4, "type": "EndLoop", "widgets_values": [accumulate],
         "inputs": [socket("output_value", 4), socket("next_iteration_value", 5), *more.get("end", [])]},
        {"id": 5, "type": "All", "inputs": [socket("values", 6)]},
    ]  # fmt: skip
    links = [[1, 1, 0, 2, 0, "*"], [2, 2, 4, 3, 0, "*"], [3, 2, 0, 3, 1, "*"], [4, 3, 0, 4, 0, "*"],
             [5, 3, 0, 4, 1, "*"], [6, 4, 0, 5, 0, "*"], [7, 1, 0, 4, 2, "*"]]  # fmt: skip
    return Document({"nodes": nodes, "links": links})


def written(document: Document) -> tuple[Graph, list[Any]]:
    return replace_nodes(to_graph(document, REGISTRY).graph, REGISTRY)


@pytest.fixture
def engine(tmp_path: Any) -> Any:
    digests = Digests()
    made = Engine(
        REGISTRY,
        Store(MemoryStore(10**8), None, digest_of=digests.of, codec=Codec()),
        Folders(tmp_path),
        digests=digests,
    )
    yield made
    made.close()


@pytest.mark.parametrize(
    ("values", "accumulate", "result"),
    [
        (["simple", 3, False], True, [4.0, 9.0, 20.0]),
        (["simple", 3, False], False, [20.0]),
        (["For", 5, 9, 2, False], True, [9.0, 25.0]),
    ],
)
def test_a_loop_runs_as_often_as_the_file_says(
    values: Any, accumulate: bool, result: Any, engine: Any
) -> None:
    graph, notices = written(file(values, accumulate))
    assert notices == []
    assert engine.run(graph, ["5"]).values["5"] == (result,)


def test_a_longer_loop_computes_only_what_is_new(engine: Any) -> None:
    engine.run(written(file(["simple", 3, False], True))[0], ["5"])
    again = engine.run(written(file(["simple", 4, False], True))[0], ["5"])
    assert [id for id, report in again.nodes.items() if report.state == "ran" and id.startswith("3.")] == [
        "3.3"
    ]


def test_an_api_file_keeps_its_loop() -> None:
    assert {"2", "4"} <= set(to_graph(file(["simple", 3, False], True), REGISTRY).graph)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (file(["simple", 5000, False], True), "1 to 100 are possible"),
        (file(["List", False], True), "known only when other nodes have run"),
        (file(["simple", 3, False], True, end=[socket("terminations.termination0", 7)]), "on a condition"),
    ],
)
def test_a_loop_that_cannot_be_written_out_is_told_and_stays(document: Document, words: str) -> None:
    graph, (notice,) = written(document)
    assert words in str(notice)
    assert "4" in graph


def test_a_count_may_come_from_a_node_that_only_holds_it(engine: Any) -> None:
    document = file(["simple", 7, False], True)
    graph = to_graph(document, REGISTRY).graph
    start = graph["2"]
    wired = Node(start.type, {**start.inputs, "mode.num_iterations": Link("8", 0)}, start.title)
    holder = Node("PrimitiveInt", {"value": 3})
    plain, notices = replace_nodes(Graph({**graph.nodes, "2": wired, "8": holder}), REGISTRY)
    assert notices == []
    assert engine.run(plain, ["5"]).values["5"] == ([4.0, 9.0, 20.0],)
    computed = Node("Double", {"value": 1.0})
    _, (notice,) = replace_nodes(Graph({**graph.nodes, "2": wired, "8": computed}), REGISTRY)
    assert "known only when other nodes have run" in str(notice)


@pytest.mark.parametrize(
    ("expression", "count"),
    [("a + 1", 3), ("ceil(1.5 * log2(a)) + b - 1", 3), ("a / 0", None), ("open(a)", None), ("c", None)],
)
def test_a_count_may_be_calculated_from_numbers_of_the_file(expression: str, count: int | None) -> None:
    registry = Registry([*REGISTRY, evaluate.spec])  # type: ignore[attr-defined]
    nodes = dict(to_graph(file(["simple", 7, False], True), REGISTRY).graph.nodes)
    nodes["2"] = Node("StartLoop", {**nodes["2"].inputs, "mode.num_iterations": Link("9", 1)})
    nodes["8"] = Node("PrimitiveInt", {"value": 2})
    given = {"expression": expression, "values.a": Link("8", 0), "values.b": 2}
    nodes["9"] = Node("ComfyMathExpression", given)
    graph, notices = replace_nodes(Graph(nodes), registry)
    assert [id for id in graph if id.startswith("3.")] == [f"3.{n}" for n in range(count or 0)]
    assert len(notices) == (count is None)
