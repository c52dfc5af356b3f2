"""Loops: copies of what stands between two nodes run one after the other, and nothing is computed twice."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest

from nodes.utilities.create_list import create_list
from nodes.utilities.looping.end import end_loop
from nodes.utilities.looping.start import Turn, start_loop
from safelight import Context, File, Iterations, Many, Registry, node
from safelight.core.cancel import Cancel
from safelight.core.digest import Digests
from safelight.core.engine import Engine, Rung
from safelight.core.error import Problems
from safelight.core.event import NodeFinished
from safelight.core.folder import Folders
from safelight.core.graph import Graph, Link
from safelight.core.report import Result
from safelight.core.store.codec import Codec
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store

CALLS: list[Any] = []
ALIVE: weakref.WeakSet[Thing] = weakref.WeakSet()


class Thing:
    """A value that can be watched, and has no form on disk."""


@node("Add", category="toy")
def add(*, a: float = 0.0, b: float = 0.0) -> float:
    """Add two numbers."""
    CALLS.append(a + b)
    return a + b


@node("Index", category="toy")
def index_of(*, index: int = 0) -> float:
    """A number from an index."""
    return float(index)


@node("Count", category="toy")
def count(*, number: float = 2.0) -> Any:
    """A number of iterations that is known when this has run."""
    return number


@node("All", category="toy")
def everything(*, values: Many[Any]) -> Any:
    """Take all items."""
    return list(values)


@node("First", category="toy")
def first(*, values: Many[float]) -> float:
    """The first item of a list."""
    return values[0]


@node("Show", category="toy", effect=True)
def show(ctx: Context, *, value: float = 0.0) -> None:
    """Write a number into a file."""
    path = ctx.reserve("number", ".txt")
    path.write_text(str(value))
    ctx.show("text", [f"{path.stem}={value:g}"])


@node("Make", category="toy")
def make(*, index: int = 0) -> Any:
    """Make something, and see how much of what was made before is still there."""
    thing = Thing()
    thing.index = index  # type: ignore[attr-defined]
    ALIVE.add(thing)
    gc.collect()
    CALLS.append(len(ALIVE))
    return thing


@node("Weigh", category="toy")
def weigh(*, thing: Any) -> float:
    """A number of something."""
    return float(thing.index)


@node("Read", category="toy")
def read(ctx: Context, *, name: Annotated[str, File("input")], a: float = 0.0) -> float:
    """Add the number in a file."""
    return a + float(ctx.folders.find("input", name).read_text())


@node("Fail", category="toy")
def fail(*, a: float = 0.0) -> float:
    """Refuse the third iteration."""
    if a == 2:
        raise ValueError("two is one too many")
    return a


@node("Heavy", category="toy")
def heavy(ctx: Context, *, a: float = 0.0) -> float:
    """Need more memory than a tight plan has; a thrifty one gives another number."""
    if ctx.plan == "tight":
        raise MemoryError
    return a + 0.5 if ctx.plan == "thrifty" else a


class Stopping(list[Any]):
    """Items; as one is taken, the run is cancelled."""

    cancel = Cancel()

    def __getitem__(self, place: Any) -> Any:
        CALLS.append(place)
        self.cancel.cancel()
        return super().__getitem__(place)


@node("Long", category="toy", opens=lambda: Iterations(range(1_000), Stopping(range(1_000))))
def long() -> Turn:
    """Begin a long loop that is cancelled at once."""
    return Turn(0, True, False, None, None)


NODES = (
    add,
    index_of,
    count,
    everything,
    first,
    show,
    make,
    weigh,
    read,
    fail,
    create_list,
    start_loop,
    end_loop,
    long,
    heavy,
)
REGISTRY = Registry([one.spec for one in NODES])  # type: ignore[attr-defined]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    CALLS.clear()
    digests = Digests()
    store = Store(MemoryStore(10**8), None, digest_of=digests.of, codec=Codec())
    made = Engine(REGISTRY, store, Folders(tmp_path), digests=digests)
    yield made
    made.close()


def repeat(graph: Graph, times: Any = 3, **given: Any) -> Link:
    """The start of a loop that runs so many times."""
    return graph.add("start", "StartLoop", **{"mode": "simple", "mode.num_iterations": times}, **given)


def through(graph: Graph, *values: float) -> Link:
    """The start of a loop through a list."""
    items = {f"inputs.input{place}": value for place, value in enumerate(values)}
    graph.add("list", "CreateList", **items)
    graph.add("start", "StartLoop", **{"mode": "List", "mode.list": Link("list")})
    return Link("start", 3)


def collected(graph: Graph, value: Link, accumulate: bool = True, **more: Any) -> Graph:
    """The graph with the end of its loop, and a node that takes all that comes out of it."""
    graph.add("end", "EndLoop", output_value=value, accumulate=accumulate, **more)
    graph.add("all", "All", values=Link("end"))
    return graph


def shown(result: Result) -> list[str]:
    return [text for report in result.nodes.values() for text in report.shown.get("text", ())]


def ran(result: Result) -> list[str]:
    return [id for id, report in result.nodes.items() if report.state == "ran"]


def counting(times: Any = 3, accumulate: bool = True) -> Graph:
    graph = Graph()
    graph.add("number", "Index", index=repeat(graph, times))
    return collected(graph, graph.add("sum", "Add", a=Link("number"), b=10.0), accumulate)


@pytest.mark.parametrize(
    ("mode", "result"),
    [
        ({"mode": "simple", "mode.num_iterations": 3}, [0, 1, 2]),
        ({"mode": "simple"}, [0, 1, 2, 3]),
        ({"mode": "simple", "mode.num_iterations": 0}, []),
        (
            {"mode": "For", "mode.start_iteration_index": 5, "mode.max_iteration": 10, "mode.step": 2},
            [5, 7, 9],
        ),
        ({"mode": "For", "mode.start_iteration_index": 5, "mode.max_iteration": 5}, []),
    ],
)
def test_a_loop_runs_as_often_as_its_start_says(
    mode: dict[str, Any], result: list[int], engine: Engine
) -> None:
    graph = Graph()
    collected(graph, graph.add("number", "Index", index=graph.add("start", "StartLoop", **mode)))
    assert engine.run(graph, ["all"]).raise_for_error().values["all"] == (result,)


def test_what_every_iteration_gave_comes_out_or_only_the_last(engine: Engine) -> None:
    assert engine.run(counting(), ["all"]).values["all"] == ([10, 11, 12],)
    assert engine.run(counting(accumulate=False), ["all"]).values["all"] == ([12],)


def test_each_iteration_gets_what_the_one_before_handed_on(engine: Engine) -> None:
    graph = Graph()
    repeat(graph, initial_iteration_value=100.0)
    total = graph.add("sum", "Add", a=Link("start", 4), b=1.0)
    collected(graph, total, next_iteration_value=total)
    assert engine.run(graph, ["all"]).values["all"] == ([101, 102, 103],)


def test_where_nothing_is_handed_on_the_first_value_stays(engine: Engine) -> None:
    graph = Graph()
    repeat(graph, initial_iteration_value=100.0)
    graph.add("number", "Index", index=Link("start"))
    collected(graph, graph.add("sum", "Add", a=Link("start", 4), b=Link("number")))
    assert engine.run(graph, ["all"]).values["all"] == ([100, 101, 102],)


def test_a_list_is_handed_on_whole(engine: Engine) -> None:
    graph = Graph()
    graph.add("both", "CreateList", **{"inputs.input0": 1.0, "inputs.input1": 2.0})
    repeat(graph, initial_iteration_value=Link("both"))
    graph.add("first", "First", values=Link("start", 4))
    graph.add("sum", "Add", a=Link("first"), b=10.0)
    graph.add("next", "CreateList", **{"inputs.input0": Link("sum"), "inputs.input1": Link("first")})
    collected(graph, Link("next"), accumulate=False, next_iteration_value=Link("next"))
    assert engine.run(graph, ["all"]).values["all"] == ([31, 21],)


def test_how_often_may_be_known_only_when_other_nodes_have_run(engine: Engine) -> None:
    graph = counting(Link("count"))
    graph.add("count", "Count", number=2.0)
    assert engine.run(graph, ["all"]).values["all"] == ([10, 11],)


def test_loops_stand_in_loops(engine: Engine) -> None:
    graph = Graph()
    graph.add("outer", "Index", index=repeat(graph, 2))
    graph.add(
        "inner", "StartLoop", parent_iteration=Link("start"), **{"mode": "simple", "mode.num_iterations": 3}
    )
    graph.add("number", "Index", index=Link("inner"))
    graph.add("tens", "Add", a=Link("outer"), b=Link("outer"))
    graph.add("sum", "Add", a=Link("tens"), b=Link("number"))
    graph.add("shown", "Show", value=Link("sum"))
    graph.add("inside", "EndLoop", output_value=Link("sum"), accumulate=True)
    collected(graph, Link("inside"))
    result = engine.run(graph).raise_for_error()
    names = [f"number_{place:05}_={value}" for place, value in enumerate([0, 1, 2, 2, 3, 4], start=1)]
    assert shown(result) == names
    assert engine.run(graph, ["all"]).values["all"] == ([0, 1, 2, 2, 3, 4],)


# -- nothing is computed twice


def test_nothing_runs_again_where_nothing_changed(engine: Engine) -> None:
    graph = counting()
    graph.add("shown", "Show", value=Link("sum"))
    before = shown(engine.run(graph, ["shown", "all"]))
    again = engine.run(graph, ["shown", "all"])
    assert ran(again) == []
    assert shown(again) == before == ["number_00001_=10", "number_00002_=11", "number_00003_=12"]


def test_what_changed_in_a_loop_is_shown_also_where_its_end_is_asked_for(engine: Engine) -> None:
    graph = counting(2)
    graph.add("shown", "Show", value=Link("sum"))
    engine.run(graph, ["shown", "end"])
    graph.nodes["shown"].inputs["value"] = Link("number")
    assert ran(engine.run(graph, ["shown", "end"])) == ["shown.0", "shown.1"]


@pytest.mark.parametrize("place", ["within", "before"])
def test_what_was_made_with_too_little_memory_is_made_again_when_there_is_enough(
    place: str, engine: Engine
) -> None:
    graph = Graph()
    repeat(graph, 2, initial_iteration_value=Link("heavy") if place == "before" else 1.0)
    graph.add("heavy", "Heavy", a=1.0 if place == "before" else Link("start", 4))
    collected(graph, Link("start", 4) if place == "before" else Link("heavy"))
    engine.relief = lambda level: None if level else Rung("in small parts", "thrifty")
    engine.plan = "tight"
    assert engine.run(graph, ["all"]).values["all"] == ([1.5, 1.5],)
    engine.plan = "roomy"
    assert engine.run(graph, ["all"]).values["all"] == ([1.0, 1.0],)


def test_a_longer_list_computes_only_what_is_new(engine: Engine) -> None:
    def listed(*values: float) -> Graph:
        graph = Graph()
        collected(graph, graph.add("sum", "Add", a=through(graph, *values), b=1.0))
        graph.add("each", "Show", value=Link("end"))
        return graph

    engine.run(listed(1, 2), ["all", "each"])
    CALLS.clear()
    result = engine.run(listed(5, 1, 2), ["all", "each"])
    assert (CALLS, result.values["all"]) == ([6], ([6, 2, 3],))
    assert result.nodes["each"].why.startswith("ran")
    assert "1 of 3 items" in result.nodes["each"].why


def test_each_iteration_is_explained(engine: Engine) -> None:
    engine.run(counting(2), ["all"])
    nodes = engine.run(counting(3), ["all"]).nodes
    assert {id: report.why for id, report in nodes.items() if id.startswith("sum")} == {
        "sum.0": "hit (memory)",
        "sum.1": "hit (memory)",
        "sum.2": nodes["sum.2"].why,
    }
    assert "because it has not run before" in nodes["sum.2"].why
    assert "because 'mode.num_iterations' changed 2 -> 3 in Start Loop" in nodes["end"].why


def test_a_file_that_the_loop_reads_counts(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "input" / "number.txt"
    file.parent.mkdir()
    file.write_text("1")
    graph = Graph()
    graph.add("number", "Index", index=repeat(graph, 2))
    collected(graph, graph.add("read", "Read", name="number.txt", a=Link("number")))
    assert engine.run(graph, ["all"]).values["all"] == ([1, 2],)
    file.write_text("30")
    assert engine.run(graph, ["all"]).values["all"] == ([30, 31],)


def test_a_file_that_an_iteration_wrote_is_made_again_when_it_is_gone(engine: Engine, tmp_path: Path) -> None:
    graph = counting()
    graph.add("shown", "Show", value=Link("sum"))
    engine.run(graph)
    (tmp_path / "output" / "number_00002_.txt").unlink()
    assert ran(engine.run(graph)) == ["shown.1"]


def test_what_iterations_made_is_let_go_of_on_the_way(engine: Engine) -> None:
    graph = Graph()
    graph.add("thing", "Make", index=repeat(graph, 8))
    engine.store.memory.limit = 0
    assert engine.run(collected(graph, graph.add("size", "Weigh", thing=Link("thing"))), ["all"]).values[
        "all"
    ] == ([0, 1, 2, 3, 4, 5, 6, 7],)
    assert max(CALLS) <= 4


def test_a_long_list_is_gathered_while_others_wait_for_what_comes_of_it(engine: Engine) -> None:
    graph = Graph()
    collected(graph, graph.add("sum", "Add", a=through(graph, *range(40)), b=1.0))
    graph.add("each", "Show", value=Link("end"))
    graph.add("beside", "Show", value=Link("list"))
    result = engine.run(graph).raise_for_error()
    assert len(shown(result)) == 80


# -- what is shown and what fails


def test_what_is_asked_for_within_a_loop_runs_the_loop(engine: Engine) -> None:
    result = engine.run(counting(2), ["number"]).raise_for_error()
    assert {"number.0", "number.1"} <= set(ran(result))


def test_a_termination_runs_in_every_iteration(engine: Engine) -> None:
    graph = Graph()
    graph.add("number", "Index", index=repeat(graph))
    graph.add("aside", "Add", a=Link("number"), b=50.0)
    graph = collected(graph, Link("number"), accumulate=False, **{"terminations.termination0": Link("aside")})
    assert engine.run(graph, ["all"]).values["all"] == ([2],)
    assert CALLS == [50, 51, 52]


def test_a_failure_names_the_node_and_the_iteration(engine: Engine) -> None:
    graph = Graph()
    graph.add("number", "Index", index=repeat(graph, 5))
    collected(graph, graph.add("bad", "Fail", a=Link("number")))
    result = engine.run(graph, ["all"])
    assert (result.status, result.error.where.node) == ("failed", "bad.2")
    assert "two is one too many" in str(result.error)


def test_a_loop_is_cancelled_between_iterations_and_goes_on_where_it_was(engine: Engine) -> None:
    cancel = Cancel()

    def listener(event: Any) -> None:
        if isinstance(event, NodeFinished) and event.node == "sum.1":
            cancel.cancel()

    assert engine.run(counting(5), ["all"], listener=listener, cancel=cancel).status == "cancelled"
    assert CALLS == [10, 11]
    assert engine.run(counting(5), ["all"]).values["all"] == ([10, 11, 12, 13, 14],)
    assert CALLS == [10, 11, 12, 13, 14]


def test_a_long_loop_is_cancelled_while_it_is_laid_out(engine: Engine) -> None:
    Stopping.cancel = Cancel()
    graph = Graph()
    graph.add("start", "Long")
    collected(graph, graph.add("sum", "Add", a=Link("start", 3)))
    assert engine.run(graph, ["all"], cancel=Stopping.cancel).status == "cancelled"
    assert CALLS == [0]


def test_a_loop_without_iterations_is_told(engine: Engine) -> None:
    (notice,) = engine.run(counting(0), ["all"]).notices
    assert "node 'end' (EndLoop): the loop has no iterations" in notice


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"number": 20_000.0},
            ["the loop would run 20,000 times, and 10,000 are the most", "split the list"],
        ),
        ({"number": 1e30}, ["and 10,000 are the most"]),
        ({"number": 2.5}, ["'mode.num_iterations'", "2.5 is not a whole number"]),
    ],
)
def test_a_count_that_cannot_be_is_refused_where_the_loop_begins(
    given: dict[str, Any], words: list[str], engine: Engine
) -> None:
    graph = counting(Link("count"))
    graph.add("count", "Count", **given)
    error = engine.run(graph, ["all"]).error
    assert error is not None
    assert error.where.node == "start"
    assert all(word in str(error) for word in words)


def test_a_list_of_counts_is_not_taken_for_one(engine: Engine) -> None:
    graph = counting(Link("list"))
    graph.add("list", "CreateList", **{"inputs.input0": 2, "inputs.input1": 3})
    error = str(engine.run(graph, ["all"]).error)
    assert (
        "node 'start' (StartLoop), input 'mode.num_iterations': it takes one value, and node 'list'" in error
    )


def unclosed(graph: Graph) -> None:
    del graph.nodes["end"]
    graph.add("end", "Add", a=Link("sum"))


def unopened(graph: Graph) -> None:
    graph.add("start", "Index", index=3)


def crossed(graph: Graph) -> None:
    graph.add("other", "StartLoop", **{"mode": "simple", "mode.num_iterations": 2})
    graph.add("second", "Index", index=Link("other"))
    graph.nodes["sum"].inputs["b"] = Link("second")


def escaped(graph: Graph) -> None:
    graph.add("last", "First", values=Link("end"))
    graph.add("all", "Add", a=Link("last"), b=Link("sum"))


def closed(graph: Graph) -> None:
    graph.add("second", "EndLoop", output_value=Link("number"))
    graph.add("both", "CreateList", **{"inputs.input0": Link("end"), "inputs.input1": Link("second")})
    graph.nodes["all"].inputs["values"] = Link("both")


def decided(graph: Graph) -> None:
    graph.nodes["end"].inputs["accumulate"] = Link("start", 2)


@pytest.mark.parametrize(
    ("change", "node", "words"),
    [
        (unclosed, "start", "no EndLoop closes it. Connect what it is to repeat to an EndLoop."),
        (unopened, "end", "no StartLoop leads to it. Connect a StartLoop to what it ends."),
        (crossed, "end", "the loops that begin at 'start' and 'other' meet, and neither stands in the other"),
        (
            escaped,
            "all",
            "input 'b': it takes what the loop from 'start' makes in each iteration past its end",
        ),
        (closed, "second", "no StartLoop leads to it but 'start', which 'end' closes already. Give it a"),
        (decided, "end", "whether to accumulate cannot be decided anew in each iteration"),
    ],
)
def test_what_is_no_loop_is_refused_before_anything_runs(
    change: Callable[[Graph], None], node: str, words: str, engine: Engine
) -> None:
    graph = counting()
    change(graph)
    with pytest.raises(Problems) as caught:
        engine.run(graph, ["all"])
    (problem,) = (one for one in caught.value.problems if one.where.node == node)
    assert words in str(problem)
    assert CALLS == []


def test_a_node_that_is_called_as_a_copy_would_be_is_told(engine: Engine) -> None:
    graph = counting(3)
    graph.add("sum.1", "Index", index=1)
    result = engine.run(graph, ["all"])
    assert "its copy in iteration 1 would be called 'sum.1', as another node is" in str(result.error)
