"""Why each node ran or did not, in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from safelight import Context, File, Graph, Link, node
from safelight.core.engine import Engine
from safelight.core.epoch import Epoch
from safelight.core.explain import Ledger

Make = Callable[..., Engine]


@node("Load", category="toy")
def load(ctx: Context, name: Annotated[str, File("input")]) -> str:
    """Read a file."""
    return ctx.open(ctx.folders.find("input", name)).path.read_text()


@node("Add", category="toy")
def add(a: int, steps: int = 20) -> int:
    """Add."""
    return a + steps


@node("Dice", category="toy", cached=False)
def dice() -> int:
    """Never twice the same."""
    return 1


ALL = (load, add, dice)


def pair(steps: int = 20) -> Graph:
    graph = Graph()
    graph.add("2", "Add", a=graph.add("1", "Add", a=1, steps=steps))
    return graph


def reasons(engine: Engine, graph: Graph, root: str = "2", **fields: bool) -> dict[str, str]:
    nodes = engine.run(graph, [root], **fields).nodes
    return {id: report.why.partition(" because ")[2] or report.why for id, report in nodes.items()}


def test_the_first_run_says_so(make_engine: Make) -> None:
    assert set(reasons(make_engine(*ALL), pair()).values()) == {"it has not run before"}


def test_a_hit_says_where_it_was_found(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    engine.run(pair(), ["2"])
    assert reasons(engine, pair()) == {"1": "hit (memory)", "2": "hit (memory)"}


def test_a_changed_value_is_named_with_before_and_after(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    engine.run(pair(), ["2"])
    assert reasons(engine, pair(30)) == {
        "1": "'steps' changed 20 -> 30",
        "2": "node '1' (Add) gives something new",
    }


def test_new_wires_are_named(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    engine.run(pair(), ["2"])
    wired = pair().with_inputs({("2", "steps"): Link("1")})
    assert reasons(engine, wired)["2"] == "'steps' was wired"
    assert reasons(engine, pair().with_inputs({("2", "a"): 5}))["2"] == "'a' was unwired; 'steps' was unwired"


def test_a_result_that_was_dropped_is_told_apart(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    engine.run(pair(), ["2"])
    engine.store.memory.clear()
    assert set(reasons(engine, pair()).values()) == {"its stored result is no longer there"}


def test_a_changed_file_is_named(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    file = engine.folders.root("input") / "a.txt"
    file.parent.mkdir()
    file.write_text("one")
    graph = Graph()
    graph.add("1", "Load", name="a.txt")
    engine.run(graph, ["1"])
    file.write_text("two!")
    assert reasons(engine, graph, "1") == {"1": "the file of 'name' changed"}


def test_a_new_process_explains_from_the_ledger(make_engine: Make, tmp_path: Path) -> None:
    first = make_engine(*ALL, ledger=Ledger(tmp_path / "ledger"))
    first.run(pair(), ["2"])
    first.close()
    second = make_engine(*ALL, ledger=Ledger(tmp_path / "ledger"))
    assert reasons(second, pair(25))["1"] == "'steps' changed 20 -> 25"


def test_a_damaged_ledger_costs_explanations_only(make_engine: Make, tmp_path: Path) -> None:
    first = make_engine(*ALL, ledger=Ledger(tmp_path / "ledger"))
    first.run(pair(), ["2"])
    first.close()
    for file in (tmp_path / "ledger").iterdir():
        file.write_text('{"nodes": 5}')
    second = make_engine(*ALL, ledger=Ledger(tmp_path / "ledger"))
    assert reasons(second, pair())["2"] == "it has not run before"


def test_changed_arithmetic_or_libraries_are_named(make_engine: Make, tmp_path: Path) -> None:
    ledger = Ledger()
    make_engine(*ALL, ledger=ledger, epoch=Epoch({"the arithmetic plan": "fp32"})).run(pair(), ["2"])
    engine = make_engine(*ALL, ledger=ledger, epoch=Epoch({"the arithmetic plan": "bf16"}))
    assert reasons(engine, pair())["1"] == "the arithmetic plan changed"


def test_nodes_that_are_never_kept_say_so(make_engine: Make) -> None:
    graph = Graph()
    graph.add("2", "Add", a=graph.add("1", "Dice"))
    assert reasons(make_engine(*ALL), graph)["1"] == "this node's results are never kept"


def test_a_fresh_run_says_that_nothing_was_to_be_used(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    assert reasons(engine, pair(), fresh=True)["1"] == "stored results were not to be used"


def test_what_a_failure_kept_from_running_is_told(make_engine: Make) -> None:
    @node("Fail", category="toy")
    def fail(a: int) -> int:
        """Fail."""
        raise ValueError("no")

    graph = Graph()
    graph.add("2", "Add", a=graph.add("f", "Fail", a=1))
    assert reasons(make_engine(fail, *ALL), graph)["2"] == "not reached"


def test_what_did_not_come_to_an_end_is_not_said_to_be_lost(make_engine: Make, tmp_path: Path) -> None:
    @node("Fail", category="toy")
    def fail(ctx: Context, a: int) -> int:
        """Fail once."""
        if not (ctx.folders.data / "again").exists():
            raise ValueError("no")
        return a

    graph = Graph()
    graph.add("2", "Add", a=graph.add("f", "Fail", a=1))
    engine = make_engine(fail, *ALL)
    engine.run(graph, ["2"])
    (tmp_path / "again").touch()
    assert reasons(engine, graph) == {"2": "it has no stored result yet", "f": "it has no stored result yet"}


def test_changed_values_and_changed_sources_are_both_named(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    engine.run(pair(), ["2"])
    changed = pair(30).with_inputs({("2", "steps"): 5})
    assert reasons(engine, changed)["2"] == "'steps' changed 20 -> 5; node '1' (Add) gives something new"
