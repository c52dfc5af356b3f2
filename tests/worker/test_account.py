"""What came of a job, as trees that travel and are kept: errors keep their place, cause and traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safelight import Context, Graph, Registry, node
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.error import BadInput, Problems
from safelight.core.folder import Folders
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store
from safelight.message import Run
from safelight.worker import account


@node("Odd", category="toy", effect=True)
def odd(ctx: Context, text: str = "x", number: float = 0.5) -> None:
    """Show something odd, or raise."""
    ctx.show("odd", [{"nan": float("nan"), "path": Path("a/b")}])
    if text == "raise":
        raise KeyError("\ud83d is missing")


def result(data: Path, **inputs: Any) -> Any:
    digests = Digests()
    store = Store(MemoryStore(10**6), None, digest_of=digests.of)
    graph = Graph()
    graph.add("7", "Odd", **inputs)
    with Engine(Registry([odd.spec]), store, Folders(data), digests=digests) as engine:
        return account.ended(Run("j", 3, graph.as_tree()), graph, engine.run(graph))


def test_an_end_has_a_report_for_each_node_and_what_it_showed(tmp_path: Path) -> None:
    ended = result(tmp_path)
    assert (ended.job, ended.attempt, ended.status, ended.error) == ("j", 3, "done", None)
    assert ended.outputs == {"7": {"odd": [{"nan": "nan", "path": "a/b"}]}}
    assert ended.nodes["7"]["state"] == "ran"
    assert "because it has not run before" in ended.nodes["7"]["why"]
    json.dumps(ended.nodes, allow_nan=False)


def test_an_error_has_its_place_its_cause_its_inputs_and_its_traceback(tmp_path: Path) -> None:
    ended = result(tmp_path, text="raise", number=2.5)
    error = ended.error
    assert ended.status == "failed"
    assert (error["kind"], error["node"], error["type"]) == ("node_failed", "7", "Odd")
    assert error["exception"] == "KeyError"
    assert error["inputs"] == {"text": "raise", "number": 2.5}
    assert any("in odd" in line for line in error["traceback"])
    json.dumps(error).encode()


def test_all_problems_of_a_graph_are_told() -> None:
    problems = Problems([BadInput("a", "is bad", "Change it."), BadInput("b", "is worse")])
    tree = account.error_tree(problems)
    assert [one["input"] for one in tree["problems"]] == ["a", "b"]
    assert (tree["node"], tree["input"]) == (None, None)


def test_a_single_problem_gives_its_place_to_the_job() -> None:
    graph = Graph()
    graph.add("2", "Blur", radius=-1)
    tree = account.error_tree(Problems([BadInput("radius", "is bad").at(node="2", type="Blur")]), graph)
    assert (tree["node"], tree["type"], tree["input"]) == ("2", "Blur", "radius")
    assert tree["inputs"] == {"radius": -1}


def test_an_error_of_ours_is_called_one() -> None:
    tree = account.error_tree(ZeroDivisionError("oops"))
    assert tree["exception"] == "ZeroDivisionError"
    assert "mistake in Safelight" in tree["remedy"]


def test_a_long_text_is_shortened_in_an_error() -> None:
    graph = Graph()
    graph.add("1", "Odd", text="x" * 10**6)
    error = BadInput("text", "is long")
    error.at(node="1")
    assert len(account.error_tree(error, graph)["inputs"]["text"]) == account.LONGEST
