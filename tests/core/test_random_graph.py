"""Random graphs: nothing crashes or hangs, and a cached run gives what an uncached one gives."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight import Blocked, Expand, Graph, Lazy, Link, Many, Registry, node
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.error import NodeFailed, Problems
from safelight.core.folder import Folders
from safelight.core.report import Result
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store


@node("Value", category="toy")
def value(number: int = 1) -> int:
    """Give a number."""
    return number


@node("Add", category="toy")
def add(a: int, b: int = 1) -> int:
    """Add."""
    return (a + b) % 1000


@node("Count", category="toy")
def count(to: int) -> Many[int]:
    """Count, at most to four."""
    return Many(number for number in range(to % 5))


@node("Gather", category="toy")
def gather(values: Many[int], extra: int = 0) -> int:
    """Sum, in a way that order matters."""
    total = extra
    for number in values:
        total = (total * 7 + number) % 1000
    return total


@node("Odd", category="toy")
def odd(a: int) -> int:
    """Block even numbers."""
    return a if a % 2 else Blocked()  # type: ignore[return-value]


@node("Pick", category="toy")
async def pick(chooser: int, one: Lazy[int], other: Lazy[int]) -> int:
    """Await one of two, or both."""
    if chooser % 3 == 2:
        return (await one + await other) % 1000
    return await (one if chooser % 3 else other)


@node("Io", category="toy", lane="io")
def io(a: int) -> int:
    """Work on a thread."""
    return a + 1


@node("Unfold", category="toy")
def unfold(a: int, b: int = 0) -> int:
    """Expand into a graph, with a stream in it for some inputs."""
    graph = Graph()
    base = graph.add("x", "Add", a=a, b=b)
    if a % 2:
        items = graph.add("c", "Count", to=base)
        base = graph.add("g", "Gather", values=graph.add("d", "Add", a=items, b=base))
    if a % 4 == 2:
        base = graph.add("u", "Unfold", a=a // 4, b=base)
    return Expand(graph, (base,))  # type: ignore[return-value]


@node("Spread", category="toy")
def spread(a: int) -> Many[int]:
    """Expand into a graph that gives many."""
    graph = Graph()
    return Expand(graph, (graph.add("d", "Add", a=graph.add("c", "Count", to=a)),))  # type: ignore[return-value]


class Streams(NamedTuple):
    up: Many[int]
    total: int
    down: Many[int]


@node("Streams", category="toy")
def streams(a: int) -> Streams:
    """Give two streams of different length, and a number."""
    return Streams(Many(iter(range(a % 4))), a, Many([a + 1, a, a - 1]))


@node("Box", category="toy")
def box(a: int) -> Any:
    """Put a number into a list."""
    return [a, (a,)]


@node("Unbox", category="toy")
def unbox(boxed: Any) -> int:
    """Take a number out of whatever there is, by a graph that is given the value itself."""
    graph = Graph()
    return Expand(graph, (graph.add("t", "Take", boxed=boxed),))  # type: ignore[return-value]


@node("Take", category="toy")
def take(boxed: Any) -> int:
    """Take a number out."""
    return boxed[0] if isinstance(boxed, list) else boxed


@node("Fail", category="toy")
def fail(a: int) -> int:
    """Fail now and then."""
    if a % 7 == 6:
        raise ValueError("unlucky")
    return a


@node("Keep", category="toy", effect=True)
def keep(a: int) -> int:
    """Be a root."""
    return a


KINDS = (value, add, count, gather, odd, pick, io, unfold, spread, streams, unbox, keep)
RISKY = (*KINDS, fail)
HIDDEN = (box, take)


def open_engine(limit: int = 10**8) -> Engine:
    digests = Digests()
    store = Store(MemoryStore(limit), digest_of=digests.of)
    return Engine(
        Registry(kind.spec for kind in (*RISKY, *HIDDEN)), store, Folders("/nonexistent"), digests=digests
    )


@st.composite
def graphs(draw: st.DrawFn, kinds: tuple[Any, ...] = KINDS) -> Graph:
    """A graph whose links lead backwards, so that it has no circle."""
    graph = Graph()
    for place in range(draw(st.integers(1, 14))):
        spec = draw(st.sampled_from(kinds)).spec
        inputs = {}
        for one in spec.inputs:
            if place and draw(st.integers(0, 3)):
                source = str(draw(st.integers(0, place - 1)))
                slots = 3 if graph[source].type == "Streams" else 1
                inputs[one.name] = Link(source, draw(st.integers(0, slots - 1)))
                if spec is unbox.spec:
                    inputs[one.name] = graph.add(f"{place}.box", "Box", a=inputs[one.name])
            else:
                inputs[one.name] = draw(st.integers(0, 20))
        graph.add(str(place), spec.id, **inputs)
    graph.add("root", "Gather", values=Link(str(draw(st.integers(0, place))), 0))
    return graph


def outcome(result: Result) -> Any:
    if result.error is not None:
        assert isinstance(result.error, NodeFailed), repr(result.error)
        return "failed"
    return result.values["root"]


relaxed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@relaxed
@given(graphs(), st.data())
def test_a_cached_run_equals_an_uncached_one(graph: Graph, data: st.DataObject) -> None:
    engine = open_engine()
    try:
        fresh = outcome(engine.run(graph, ["root"], fresh=True))
        assert outcome(engine.run(graph, ["root"])) == fresh
        again = engine.run(graph, ["root"])
        assert outcome(again) == fresh
        for key in data.draw(
            st.lists(st.sampled_from(sorted(engine.store.memory._records) or [b""]), max_size=5)
        ):
            engine.store.drop(key)
        assert outcome(engine.run(graph, ["root"])) == fresh
    finally:
        engine.close()


@relaxed
@given(graphs(), st.integers(0, 13), st.integers(0, 20))
def test_a_changed_graph_over_old_results_equals_a_fresh_run(graph: Graph, at: int, number: int) -> None:
    engine = open_engine()
    try:
        engine.run(graph, ["root"])
        id = sorted(graph)[at % len(graph)]
        literals = [name for name, given in graph[id].inputs.items() if not isinstance(given, Link)]
        if not literals:
            return
        changed = graph.with_inputs({(id, literals[0]): number})
        assert outcome(engine.run(changed, ["root"])) == outcome(engine.run(changed, ["root"], fresh=True))
    finally:
        engine.close()


@relaxed
@given(graphs())
def test_a_store_that_keeps_next_to_nothing_changes_no_result(graph: Graph) -> None:
    engine = open_engine(limit=1500)
    try:
        fresh = outcome(engine.run(graph, ["root"], fresh=True))
        assert [outcome(engine.run(graph, ["root"])) for _ in range(2)] == [fresh, fresh]
    finally:
        engine.close()


@relaxed
@given(graphs(RISKY))
def test_failing_nodes_end_a_run_and_nothing_else(graph: Graph) -> None:
    engine = open_engine()
    try:
        for fresh in (True, False, False):
            outcome(
                engine.run(
                    graph, None if "Keep" in {n.type for n in graph.nodes.values()} else ["root"], fresh=fresh
                )
            )
    except KeyError:
        pass  # the root was not among the effects
    finally:
        engine.close()


wild = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.builds(Link, st.sampled_from("0123456789x"), st.integers(-1, 3)),
)


@relaxed
@given(
    st.dictionaries(
        st.sampled_from("0123456789"),
        st.tuples(
            st.sampled_from([*(kind.spec.id for kind in RISKY), "Unknown"]),
            st.dictionaries(
                st.sampled_from(["a", "b", "to", "values", "number", "one", "other", "odd"]), wild
            ),
        ),
    )
)
def test_any_graph_is_refused_or_run(nodes: dict[str, tuple[str, dict[str, Any]]]) -> None:
    graph = Graph()
    for id, (type, inputs) in nodes.items():
        graph.add(id, type, **inputs)
    engine = open_engine()
    try:
        assert engine.run(graph).status in ("done", "failed")
    except Problems as refused:
        texts = [str(problem) for problem in refused.problems]
        assert all(texts), "every problem has words"
    finally:
        engine.close()
