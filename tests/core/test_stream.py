"""Outputs that give many values: downstream runs item by item, gathering inputs take all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from safelight import Blocked, Context, Expand, Graph, Item, Lazy, Link, Many, node
from safelight.core.engine import Engine, Rung

Make = Callable[..., Engine]


@node("Count", category="toy")
def count(to: int, start: int = 0) -> Many[int]:
    """Give the numbers from start on, one by one."""
    return Many(range(start, to))


@node("Double", category="toy")
def double(value: int) -> int:
    """Double."""
    return 2 * value


@node("Add", category="toy")
def add(a: int, b: int = 0) -> int:
    """Add."""
    return a + b


@node("Repeat", category="toy")
def repeat(value: int, times: int = 2) -> Many[int]:
    """Give a value several times."""
    return Many([value] * times)


@node("Gather", category="toy")
def gather(values: Many[int]) -> Any:
    """Take all."""
    return list(values)


@node("Odd", category="toy")
def odd(value: int) -> int:
    """Let odd numbers pass."""
    return value if value % 2 else Blocked()  # type: ignore[return-value]


@node("Switch", category="toy")
async def switch(condition: bool, on_true: Lazy[Any], on_false: Lazy[Any]) -> Any:
    """Pass one of two."""
    return await (on_true if condition else on_false)


@node("Stairs", category="toy")
def stairs(to: int) -> Any:
    """Expand into a graph that counts and gathers."""
    graph = Graph()
    items = graph.add("count", "Count", to=to)
    total = graph.add("gather", "Gather", values=graph.add("double", "Double", value=items))
    return Expand(graph, (total,))


ALL = (count, double, add, repeat, gather, odd, switch, stairs)


def value(engine: Engine, graph: Graph, root: str) -> Any:
    return engine.run(graph, [root]).raise_for_error().values[root][0]


def test_a_mapped_node_runs_once_per_item_and_a_gathering_input_takes_all(make_engine: Make) -> None:
    graph = Graph()
    graph.add("g", "Gather", values=graph.add("d", "Double", value=graph.add("c", "Count", to=5)))
    engine = make_engine(*ALL)
    assert value(engine, graph, "g") == [0, 2, 4, 6, 8]


def test_streams_of_different_length_repeat_the_last_item_of_the_shorter(make_engine: Make) -> None:
    graph = Graph()
    a, b = graph.add("a", "Count", to=4), graph.add("b", "Count", to=12, start=10)
    graph.add("g", "Gather", values=graph.add("s", "Add", a=a, b=b))
    assert value(make_engine(*ALL), graph, "g") == [10, 12, 13, 14]


def test_an_empty_stream_runs_nothing_and_gathers_nothing(make_engine: Make) -> None:
    graph = Graph()
    a, b = graph.add("a", "Count", to=0), graph.add("b", "Count", to=3)
    graph.add("g", "Gather", values=graph.add("s", "Add", a=a, b=b))
    assert value(make_engine(*ALL), graph, "g") == []


def test_a_mapped_node_that_gives_many_makes_one_flat_stream(make_engine: Make) -> None:
    graph = Graph()
    twice = graph.add("r", "Repeat", value=graph.add("c", "Count", to=3))
    graph.add("g", "Gather", values=graph.add("d", "Double", value=twice))
    assert value(make_engine(*ALL), graph, "g") == [0, 0, 2, 2, 4, 4]


def test_blocked_items_are_left_out_when_gathered(make_engine: Make) -> None:
    graph = Graph()
    odds = graph.add("o", "Odd", value=graph.add("c", "Count", to=6))
    graph.add("g", "Gather", values=graph.add("d", "Double", value=odds))
    assert value(make_engine(*ALL), graph, "g") == [2, 6, 10]


def test_a_plain_value_is_shared_by_all_items(make_engine: Make) -> None:
    graph = Graph()
    base = graph.add("x", "Add", a=100)
    graph.add("g", "Gather", values=graph.add("s", "Add", a=graph.add("c", "Count", to=3), b=base))
    assert value(make_engine(*ALL), graph, "g") == [100, 101, 102]


def test_the_gathered_list_can_meet_the_stream_it_came_from(make_engine: Make) -> None:
    @node("Pair", category="toy")
    def pair(one: int, all: Many[int]) -> Any:
        """Pair an item with all."""
        return (one, sum(all))

    graph = Graph()
    items = graph.add("c", "Count", to=4)
    graph.add("g", "Gather", values=graph.add("p", "Pair", one=items, all=items))
    assert value(make_engine(*ALL, pair), graph, "g") == [(0, 6), (1, 6), (2, 6), (3, 6)]


@pytest.mark.parametrize(("condition", "expected"), [(True, [0, 1, 2]), (False, [7])])
def test_a_lazy_input_runs_once_per_item_of_the_stream_that_it_awaits(
    make_engine: Make, condition: bool, expected: list[int]
) -> None:
    graph = Graph()
    items, single = graph.add("c", "Count", to=3), graph.add("x", "Add", a=7)
    graph.add(
        "g", "Gather", values=graph.add("s", "Switch", condition=condition, on_true=items, on_false=single)
    )
    result = make_engine(*ALL).run(graph, ["g"]).raise_for_error()
    assert result.values["g"][0] == expected
    assert result.nodes["c" if not condition else "x"].state == "skipped"


def test_items_stand_in_memory_only_while_they_are_used(make_engine: Make) -> None:
    alive: list[int] = []
    most = 0

    class Heavy:
        def __init__(self) -> None:
            nonlocal most
            alive.append(1)
            most = max(most, len(alive))

        def __del__(self) -> None:
            alive.pop()

    @node("Heavies", category="toy")
    def heavies(n: int) -> Many[Any]:
        """Give heavy things."""
        return Many(Heavy() for _ in range(n))

    @node("Weigh", category="toy")
    def weigh(thing: Any) -> int:
        """Weigh one."""
        return 1

    graph = Graph()
    graph.add("g", "Gather", values=graph.add("w", "Weigh", thing=graph.add("h", "Heavies", n=200)))
    engine = make_engine(heavies, weigh, gather, memory=0)
    assert value(engine, graph, "g") == [1] * 200
    assert most <= 8


def test_a_second_run_finds_every_item(make_engine: Make) -> None:
    graph = Graph()
    graph.add("g", "Gather", values=graph.add("d", "Double", value=graph.add("c", "Count", to=5)))
    engine = make_engine(*ALL)
    engine.run(graph, ["g"])
    assert {report.state for report in engine.run(graph, ["g"]).nodes.values()} <= {"memory", "skipped"}
    longer = graph.with_inputs({("c", "to"): 7})
    again = engine.run(longer, ["g"]).raise_for_error()
    assert again.values["g"][0] == [0, 2, 4, 6, 8, 10, 12]


def test_a_dropped_item_is_made_again(make_engine: Make) -> None:
    calls: list[int] = []

    @node("Noted", category="toy")
    def noted(to: int) -> Many[int]:
        """Count, and take note."""

        def items() -> Iterator[int]:
            for number in range(to):
                calls.append(number)
                yield number

        return Many(items())

    graph = Graph()
    graph.add("g", "Gather", values=graph.add("d", "Double", value=graph.add("c", "Noted", to=4)))
    engine = make_engine(noted, *ALL)
    assert value(engine, graph, "g") == [0, 2, 4, 6]
    for key, record in list(engine.store.memory._records.items()):
        if record.counts is None:
            engine.store.drop(key)
    assert value(engine, graph, "g") == [0, 2, 4, 6]
    assert calls == [0, 1, 2, 3, 0, 1, 2, 3]


def test_an_expansion_may_stream_inside(make_engine: Make) -> None:
    graph = Graph()
    graph.add("s", "Stairs", to=4)
    result = make_engine(*ALL).run(graph, ["s"]).raise_for_error()
    assert result.values["s"] == ([0, 2, 4, 6],)


def test_an_expansion_runs_per_item(make_engine: Make) -> None:
    graph = Graph()
    graph.add("g", "Gather", values=graph.add("s", "Stairs", to=graph.add("c", "Count", to=4)))
    assert value(make_engine(*ALL), graph, "g") == [[], [0], [0, 2], [0, 2, 4]]


def test_two_consumers_of_one_stream_stay_together(make_engine: Make) -> None:
    seen: list[tuple[str, int]] = []

    @node("See", category="toy", effect=True)
    def see(value: int, who: str) -> None:
        """Take note."""
        seen.append((who, value))

    graph = Graph()
    items = graph.add("c", "Count", to=50)
    graph.add("a", "See", value=items, who="a")
    graph.add("b", "See", value=graph.add("d", "Double", value=items), who="b")
    assert make_engine(see, *ALL).run(graph).status == "done"
    places = [[at for at, (who, _) in enumerate(seen) if who == name] for name in "ab"]
    assert len(seen) == 100
    assert all(abs(a - b) <= 20 for a, b in zip(*places, strict=True))


def test_a_failing_item_ends_the_run_with_its_node(make_engine: Make) -> None:
    @node("Break", category="toy")
    def break_(value: int) -> int:
        """Fail at three."""
        return 1 // (3 - value)

    graph = Graph()
    graph.add("g", "Gather", values=graph.add("b", "Break", value=graph.add("c", "Count", to=9)))
    result = make_engine(break_, *ALL).run(graph, ["g"])
    assert result.status == "failed"
    assert "node 'b' (Break): ZeroDivisionError" in str(result.error)


def test_items_of_an_io_stream_are_made_beside_the_device_lane(make_engine: Make) -> None:
    @node("Slow", category="toy", lane="io")
    def slow(n: int) -> Many[int]:
        """Give numbers from a thread."""
        return Many(number for number in range(n) if not time.sleep(0.001))

    graph = Graph()
    graph.add("g", "Gather", values=graph.add("d", "Double", value=graph.add("c", "Slow", n=5)))
    assert value(make_engine(slow, *ALL), graph, "g") == [0, 2, 4, 6, 8]


def test_a_deep_chain_of_mapped_nodes_needs_no_recursion(make_engine: Make) -> None:
    graph = Graph()
    link = graph.add("c", "Count", to=2)
    for step in range(3000):
        link = graph.add(f"a{step}", "Add", a=link, b=1)
    graph.add("g", "Gather", values=link)
    assert value(make_engine(*ALL), graph, "g") == [3000, 3001]


def test_context_shows_are_gathered_over_items(make_engine: Make) -> None:
    @node("Show", category="toy", effect=True)
    def show(ctx: Context, value: int) -> None:
        """Show a number."""
        ctx.show("text", [str(value)])

    graph = Graph()
    graph.add("s", "Show", value=graph.add("c", "Count", to=3))
    engine = make_engine(show, *ALL)
    assert engine.run(graph).nodes["s"].shown == {"text": ["0", "1", "2"]}
    again = engine.run(graph).nodes["s"]
    assert (again.shown, again.state) == ({"text": ["0", "1", "2"]}, "memory")


def test_links_know_their_source() -> None:
    assert Link("a").slot == 0


def test_a_file_read_while_items_are_given_is_watched_downstream(make_engine: Make) -> None:
    @node("Lines", category="toy")
    def lines(ctx: Context, count: int) -> Many[int]:
        """Read a file for each item."""

        def items() -> Iterator[int]:
            for number in range(count):
                ref = ctx.open(ctx.folders.find("input", f"{number}.txt"))
                ctx.show("text", [f"read {number}"])
                yield int(ref.path.read_text())

        return Many(items())

    engine = make_engine(lines, *ALL)
    folder = engine.folders.root("input")
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(str(number))
    graph = Graph()
    graph.add("g", "Gather", values=graph.add("d", "Double", value=graph.add("l", "Lines", count=3)))
    first = engine.run(graph, ["g"]).raise_for_error()
    assert first.values["g"][0] == [0, 2, 4]
    assert first.nodes["l"].shown == {"text": ["read 0", "read 1", "read 2"]}
    assert {report.state for report in engine.run(graph, ["g"]).nodes.values()} <= {"memory", "skipped"}
    (folder / "1.txt").write_text("50")
    assert engine.run(graph, ["g"]).raise_for_error().values["g"][0] == [0, 100, 4]


def test_items_made_with_a_thriftier_plan_are_not_stored(make_engine: Make) -> None:
    @node("Dec", category="toy")
    def dec(ctx: Context, value: int) -> Any:
        """Need less memory than there is."""
        if ctx.plan == "plain":
            raise MemoryError
        return [1, 2, value]

    @node("Split", category="toy")
    def split(values: Any) -> Many[int]:
        """One by one."""
        return Many(iter(values))

    graph = Graph()
    items = graph.add("s", "Split", values=graph.add("d", "Dec", value=3))
    graph.add("g", "Gather", values=graph.add("x", "Double", value=items))
    engine = make_engine(
        dec, split, *ALL, plan="plain", relief=lambda level: Rung("thrifty", "thrifty") if not level else None
    )
    assert value(engine, graph, "g") == [2, 4, 6]
    assert len(engine.store.memory) == 0


def test_items_known_by_what_they_are_are_found_when_others_come_before_them(make_engine: Make) -> None:
    doubled: list[int] = []

    @node("Named", category="toy")
    def named(first: int, count: int) -> Many[int]:
        """Count from a number, naming each."""
        return Many(Item(number, f"number {number}") for number in range(first, first + count))

    @node("Noted", category="toy")
    def noted(value: int) -> int:
        """Double, and take note."""
        doubled.append(value)
        return 2 * value

    graph = Graph()
    graph.add("g", "Gather", values=graph.add("d", "Noted", value=graph.add("n", "Named", first=5, count=3)))
    engine = make_engine(named, noted, gather)
    assert value(engine, graph, "g") == [10, 12, 14]
    assert value(engine, graph.with_inputs({("n", "first"): 3, ("n", "count"): 6}), "g") == [
        6,
        8,
        10,
        12,
        14,
        16,
    ]
    assert doubled == [5, 6, 7, 3, 4, 8]
    assert value(engine, graph, "g") == [10, 12, 14]
