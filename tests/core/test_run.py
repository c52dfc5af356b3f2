"""Execution: what runs, in what order and lane, and what happens when something goes wrong."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import pytest

from safelight import Blocked, Context, Expand, File, Graph, Lazy, Link, Many, node
from safelight.core.cancel import Cancel
from safelight.core.engine import Engine, Rung
from safelight.core.error import Cancelled, NodeFailed, OutOfMemory, Problems
from safelight.core.event import Event, NodeFinished, NodeProgressed, NodeStarted, RunFinished, RunStarted
from safelight.core.store.record import Record

Make = Callable[..., Engine]
calls: list[str] = []


@pytest.fixture(autouse=True)
def _forget_calls() -> None:
    calls.clear()


class Both(NamedTuple):
    total: int
    product: int


@node("Number", category="toy")
def number(value: float = 0.0) -> float:
    """Give a number."""
    calls.append("Number")
    return value


@node("Add", category="toy")
def add(a: int, b: int = 1) -> int:
    """Add."""
    calls.append("Add")
    return a + b


@node("Two", category="toy")
def two(a: int, b: int) -> Both:
    """Sum and product."""
    return Both(a + b, a * b)


@node("Keep", category="toy", effect=True)
def keep(value: Any) -> None:
    """Be a root."""
    calls.append("Keep")


@node("Pick", category="toy")
async def pick(condition: bool, on_true: Lazy[Any], on_false: Lazy[Any]) -> Any:
    """Pass one of two."""
    return await (on_true if condition else on_false)


@node("Fail", category="toy")
def fail(a: int) -> int:
    """Fail."""
    raise ValueError("no luck")


@node("Countdown", category="toy")
def countdown(n: int) -> int:
    """Expand until zero."""
    if n == 0:
        return 0
    graph = Graph()
    rest = graph.add("rest", "Countdown", n=n - 1)
    return Expand(graph, (graph.add("add", "Add", a=rest, b=1),))  # type: ignore[return-value]


@node("Stop", category="toy")
def stop(a: int, block: bool = True) -> int:
    """Block, perhaps."""
    return Blocked("not today") if block else a  # type: ignore[return-value]


ALL = (number, add, two, keep, pick, fail, countdown, stop)


def chain(length: int) -> Graph:
    graph = Graph()
    link = graph.add("0", "Add", a=0)
    for step in range(1, length):
        link = graph.add(str(step), "Add", a=link)
    return graph


def test_only_what_a_root_needs_runs(make_engine: Make) -> None:
    graph = chain(3)
    graph.add("other", "Fail", a=1)
    graph.add("keep", "Keep", value=Link("2"))
    result = make_engine(*ALL).run(graph)
    assert result.status == "done"
    assert set(result.nodes) == {"0", "1", "2", "keep"}


def test_an_unchanged_graph_runs_nothing_again(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    engine.run(chain(5), ["4"])
    again = engine.run(chain(5), ["4"])
    assert len(calls) == 5
    assert {report.state for report in again.nodes.values()} == {"memory"}


def test_a_changed_literal_reruns_only_what_depends_on_it(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    engine.run(chain(5), ["4"])
    calls.clear()
    result = engine.run(chain(5).with_inputs({("3", "b"): 7}), ["4"])
    assert [id for id, report in result.nodes.items() if report.state == "ran"] == ["3", "4"]
    assert len(calls) == 2


def test_the_same_work_under_other_ids_is_found(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    engine.run(chain(3), ["2"])
    calls.clear()
    graph = Graph()
    a = graph.add("x", "Add", a=0)
    graph.add("z", "Add", a=graph.add("y", "Add", a=a))
    engine.run(graph, ["z"])
    assert calls == []


def test_going_back_to_earlier_values_finds_the_earlier_results(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    for value in (1, 2, 1, 2):
        engine.run(chain(4).with_inputs({("0", "b"): value}), ["3"])
    assert len(calls) == 8


def test_outputs_are_taken_by_slot(make_engine: Make) -> None:
    graph = Graph()
    graph.add("t", "Two", a=3, b=4)
    graph.add("s", "Add", a=Link("t", 1), b=Link("t", 0))
    assert make_engine(*ALL).run(graph, ["s"]).values["s"] == (19,)


def test_a_whole_number_for_a_real_input_arrives_as_a_real_number(make_engine: Make) -> None:
    graph = Graph()
    graph.add("n", "Number", value=8)
    engine = make_engine(*ALL)
    assert repr(engine.run(graph, ["n"]).values["n"]) == "(8.0,)"
    engine.run(graph.with_inputs({("n", "value"): 8.0}), ["n"])
    assert calls == ["Number"]


def test_a_chain_of_ten_thousand_nodes_runs(make_engine: Make) -> None:
    assert make_engine(*ALL).run(chain(10_000), ["9999"]).values["9999"] == (10_000,)


def test_the_branch_that_is_not_awaited_is_not_computed(make_engine: Make) -> None:
    graph = Graph()
    yes, no = graph.add("yes", "Add", a=1), graph.add("no", "Fail", a=1)
    graph.add("p", "Pick", condition=True, on_true=yes, on_false=no)
    result = make_engine(*ALL).run(graph, ["p"])
    assert result.values["p"] == (2,)
    assert result.nodes["no"].state == "skipped"


def test_a_deep_chain_of_lazy_nodes_runs(make_engine: Make) -> None:
    graph = Graph()
    link = graph.add("end", "Add", a=1)
    for step in range(1000):
        link = graph.add(f"p{step}", "Pick", condition=step % 2 == 0, on_true=link, on_false=link)
    assert make_engine(*ALL).run(graph, ["p999"]).values["p999"] == (2,)


def test_an_expansion_runs_in_the_place_of_its_node(make_engine: Make) -> None:
    graph = Graph()
    graph.add("c", "Countdown", n=3)
    result = make_engine(*ALL).run(graph, ["c"])
    assert result.values["c"] == (3,)
    assert {"c.rest", "c.add", "c.rest.rest.rest"} <= set(result.nodes)


def test_expansions_within_expansions_need_no_recursion(make_engine: Make) -> None:
    graph = Graph()
    graph.add("c", "Countdown", n=400)
    assert make_engine(*ALL).run(graph, ["c"]).values["c"] == (400,)


def test_an_expanded_node_is_found_whole_the_second_time(make_engine: Make) -> None:
    graph = Graph()
    graph.add("c", "Countdown", n=3)
    engine = make_engine(*ALL)
    engine.run(graph, ["c"])
    assert engine.run(graph, ["c"]).nodes["c"].state == "memory"


def test_a_bad_expansion_is_an_error_of_its_node(make_engine: Make) -> None:
    @node("Bad", category="toy")
    def bad(a: int) -> int:
        """Return a graph with a node that nobody knows."""
        graph = Graph()
        return Expand(graph, (graph.add("x", "Nothing"),))  # type: ignore[return-value]

    graph = Graph()
    graph.add("b", "Bad", a=1)
    result = make_engine(bad, *ALL).run(graph, ["b"])
    assert result.status == "failed"
    assert "no node type 'Nothing'" in str(result.error)


def test_what_is_downstream_of_a_blocked_output_is_skipped(make_engine: Make) -> None:
    graph = Graph()
    graph.add("k", "Keep", value=graph.add("a", "Add", a=graph.add("s", "Stop", a=1)))
    engine = make_engine(*ALL)
    result = engine.run(graph)
    assert result.status == "done"
    assert calls == []
    engine.run(graph.with_inputs({("s", "block"): False}))
    assert calls == ["Add", "Keep"]


def test_a_failing_node_is_named_and_keeps_its_cause(make_engine: Make) -> None:
    graph = Graph()
    graph.add("f", "Fail", a=1)
    result = make_engine(*ALL).run(graph, ["f"])
    assert str(result.error).startswith(
        "node 'f' (Fail): ValueError: no luck. If its inputs are what you meant"
    )
    assert isinstance(result.error, NodeFailed)
    assert isinstance(result.error.__cause__, ValueError)


def test_what_was_finished_before_a_failure_is_kept(make_engine: Make) -> None:
    graph = Graph()
    graph.add("k", "Keep", value=graph.add("f", "Fail", a=graph.add("a", "Add", a=1)))
    engine = make_engine(*ALL)
    engine.run(graph)
    assert engine.run(graph).nodes["a"].state == "memory"


def test_a_graph_that_cannot_run_tells_every_problem(make_engine: Make) -> None:
    graph = Graph()
    graph.add("a", "Add", a="one", b=float("nan"))
    graph.add("k", "Keep", value=Link("a"))
    graph.add("l", "Keep", value=Link("gone"))
    with pytest.raises(Problems) as caught:
        make_engine(*ALL).run(graph)
    assert len(caught.value.problems) == 3


def test_a_graph_without_effects_says_that_there_is_nothing_to_do(make_engine: Make) -> None:
    with pytest.raises(Problems, match="nothing to run"):
        make_engine(*ALL).run(chain(2))


def test_an_io_node_overlaps_the_device_lane(make_engine: Make) -> None:
    meeting = threading.Barrier(2, timeout=5)

    @node("Io", category="toy", lane="io")
    def io(a: int) -> int:
        """Wait for the other."""
        meeting.wait()
        return a

    @node("Device", category="toy")
    def device(a: int) -> int:
        """Wait for the other."""
        meeting.wait()
        return a

    graph = Graph()
    graph.add("s", "Add", a=graph.add("i", "Io", a=1), b=graph.add("d", "Device", a=2))
    assert make_engine(io, device, *ALL).run(graph, ["s"]).values["s"] == (3,)


def test_a_chain_of_plain_nodes_stays_on_the_calling_thread(make_engine: Make) -> None:
    threads: set[int] = set()

    @node("Where", category="toy")
    def where(a: int) -> int:
        """Take note of the thread."""
        threads.add(threading.get_ident())
        return a

    graph = Graph()
    graph.add("c", "Where", a=graph.add("b", "Where", a=graph.add("a", "Where", a=1)))
    make_engine(where).run(graph, ["c"])
    assert threads == {threading.get_ident()}


def test_async_nodes_wait_together(make_engine: Make) -> None:
    @node("Wait", category="toy")
    async def wait(a: int) -> int:
        """Sleep."""
        await asyncio.sleep(0.2)
        return a

    graph = Graph()
    graph.add("s", "Add", a=graph.add("i", "Wait", a=1), b=graph.add("d", "Wait", a=2))
    started = time.perf_counter()
    assert make_engine(wait, *ALL).run(graph, ["s"]).values["s"] == (3,)
    assert time.perf_counter() - started < 0.39


@pytest.mark.parametrize("lane", ["device", "io"])
def test_a_run_is_cancelled_within_a_second(make_engine: Make, lane: Any) -> None:
    @node("Long", category="toy", lane=lane)
    def long(ctx: Context, a: int) -> int:
        """Work long."""
        for _ in ctx.track(range(1000)):
            time.sleep(0.01)
        return a

    graph = Graph()
    graph.add("l", "Long", a=1)
    cancel = Cancel()
    threading.Timer(0.1, cancel.cancel).start()
    started = time.perf_counter()
    result = make_engine(long).run(graph, ["l"], cancel=cancel)
    assert (result.status, type(result.error)) == ("cancelled", Cancelled)
    assert time.perf_counter() - started < 1.0


def test_cancelling_ends_a_body_that_awaits(make_engine: Make) -> None:
    @node("Forever", category="toy")
    async def forever(a: int) -> int:
        """Never end."""
        await asyncio.sleep(3600)
        return a

    graph = Graph()
    graph.add("l", "Forever", a=1)
    cancel = Cancel()
    threading.Timer(0.1, cancel.cancel).start()
    assert make_engine(forever).run(graph, ["l"], cancel=cancel).status == "cancelled"


def test_a_cancelled_job_does_not_start(make_engine: Make) -> None:
    cancel = Cancel()
    cancel.cancel()
    assert make_engine(*ALL).run(chain(3), ["2"], cancel=cancel).status == "cancelled"
    assert calls == []


def test_events_tell_the_run_from_start_to_end(make_engine: Make) -> None:
    events: list[Event] = []

    @node("Steps", category="toy")
    def steps(ctx: Context, a: int) -> int:
        """Tell progress."""
        for _ in ctx.track(range(2)):
            pass
        return a

    graph = Graph()
    graph.add("s", "Steps", a=1)
    make_engine(steps).run(graph, ["s"], listener=events.append)
    kinds = [type(event) for event in events]
    assert kinds == [RunStarted, NodeStarted, NodeProgressed, NodeProgressed, NodeFinished, RunFinished]


def test_a_node_that_is_not_to_be_cached_always_runs_and_so_does_what_follows(make_engine: Make) -> None:
    @node("Dice", category="toy", cached=False)
    def dice() -> int:
        """Give something new."""
        calls.append("Dice")
        return len(calls)

    graph = Graph()
    graph.add("a", "Add", a=graph.add("d", "Dice"))
    engine = make_engine(dice, *ALL)
    engine.run(graph, ["a"])
    engine.run(graph, ["a"])
    assert calls == ["Dice", "Add", "Dice", "Add"]


def test_a_fresh_run_uses_and_leaves_no_results(make_engine: Make) -> None:
    engine = make_engine(*ALL)
    engine.run(chain(3), ["2"], fresh=True)
    engine.run(chain(3), ["2"], fresh=True)
    assert len(calls) == 6
    assert len(engine.store.memory) == 0


def test_a_body_gets_containers_of_its_own(make_engine: Make) -> None:
    @node("List", category="toy")
    def make_list() -> Any:
        """Give a list."""
        return {"items": [1, 2]}

    @node("Spoil", category="toy")
    def spoil(value: Any) -> Any:
        """Change what it was given."""
        value["items"].append(3)
        return value

    graph = Graph()
    source = graph.add("l", "List")
    graph.add("s", "Spoil", value=source)
    engine = make_engine(make_list, spoil)
    engine.run(graph, ["s"])
    assert engine.run(graph, ["l"]).values["l"] == ({"items": [1, 2]},)


class Tensor:
    """Counts its changes in place, as tensors do."""

    def __init__(self) -> None:
        self._version = 0
        self.nbytes = 4


def test_a_tensor_changed_in_place_is_dropped_and_the_node_named(make_engine: Make) -> None:
    @node("Tensor", category="toy")
    def tensor() -> Any:
        """Give a tensor."""
        calls.append("Tensor")
        return Tensor()

    @node("Spoil", category="toy")
    def spoil(value: Any) -> int:
        """Change it in place."""
        value._version += 1
        return 1

    graph = Graph()
    graph.add("s", "Spoil", value=graph.add("t", "Tensor"))
    engine = make_engine(tensor, spoil)
    result = engine.run(graph, ["s"])
    assert result.notices == [
        "node 's' (Spoil): Spoil changed its input 'value' in place; the stored value was dropped"
    ]
    engine.run(graph, ["t"])
    assert calls == ["Tensor", "Tensor"]


def test_out_of_memory_climbs_the_ladder_and_then_fails_with_sizes(make_engine: Make) -> None:
    @node("Big", category="toy")
    def big(ctx: Context, a: int) -> int:
        """Need a thrifty plan."""
        calls.append(ctx.plan)
        if ctx.plan != "tiled":
            raise MemoryError("cannot allocate 64 GiB")
        return a

    graph = Graph()
    graph.add("n", "Add", a=graph.add("b", "Big", a=1))
    rungs = [Rung("after dropping caches"), Rung("in tiles", "tiled")]
    engine = make_engine(
        big, *ALL, plan="plain", relief=lambda level: rungs[level] if level < len(rungs) else None
    )
    result = engine.run(graph, ["n"])
    assert (result.status, calls[:3]) == ("done", ["plain", "plain", "tiled"])
    assert len(engine.store.memory) == 0, "results made under another plan are not stored"

    @node("Inside", category="toy")
    def inside(a: int) -> int:
        """Do it by a graph."""
        graph = Graph()
        return Expand(graph, (graph.add("b", "Big", a=a),))  # type: ignore[return-value]

    graph.nodes["n"].inputs["a"] = graph.add("i", "Inside", a=1)
    engine = make_engine(big, inside, *ALL, plan="plain", relief=engine.relief)
    assert engine.run(graph, ["n"]).status == "done"
    assert len(engine.store.memory) == 0, "nor is what a graph within a node made so"
    rungs.pop()
    result = engine.run(graph, ["n"])
    assert isinstance(result.error, OutOfMemory)
    assert "64 GiB" in str(result.error)


def test_a_saved_file_that_is_gone_is_saved_again_by_that_node_alone(make_engine: Make) -> None:
    @node("Save", category="toy", effect=True)
    def save(ctx: Context, value: int) -> None:
        """Write a file."""
        path = ctx.reserve("number", ".txt")
        path.write_text(str(value))
        ctx.show("files", [ctx.entry(path)])

    graph = Graph()
    graph.add("s", "Save", value=graph.add("a", "Add", a=1))
    engine = make_engine(save, *ALL, disk=True)
    first = engine.run(graph)
    assert engine.run(graph).nodes["s"].state == "memory"
    (path,) = engine.folders.output.iterdir()
    path.unlink()
    again = engine.run(graph)
    assert {id: report.state for id, report in again.nodes.items()} == {"a": "memory", "s": "ran"}
    assert again.nodes["s"].why.endswith("because the file number_00001_.txt is gone")
    assert first.nodes["s"].shown["files"][0]["filename"] == "number_00001_.txt"


def test_a_failed_save_leaves_no_empty_file(make_engine: Make) -> None:
    @node("Save", category="toy", effect=True)
    def save(ctx: Context, value: int) -> None:
        """Fail to write."""
        ctx.reserve("number", ".txt")
        raise OSError(28, "No space left on device")

    graph = Graph()
    graph.add("s", "Save", value=1)
    engine = make_engine(save)
    result = engine.run(graph)
    assert "No space left on device. Free some space" in str(result.error)
    assert list(engine.folders.output.iterdir()) == []


def test_a_file_that_a_body_read_is_watched(make_engine: Make) -> None:
    @node("Read", category="toy")
    def read(ctx: Context, name: str) -> str:
        """Read a file by a name that came over a wire."""
        ref = ctx.open(ctx.folders.find("input", name))
        calls.append("Read")
        return ref.path.read_text()

    engine = make_engine(read)
    file = engine.folders.root("input") / "a.txt"
    file.parent.mkdir()
    file.write_text("one")
    graph = Graph()
    graph.add("r", "Read", name="a.txt")
    assert engine.run(graph, ["r"]).values["r"] == ("one",)
    engine.run(graph, ["r"])
    file.write_text("two!")
    assert engine.run(graph, ["r"]).values["r"] == ("two!",)
    assert calls == ["Read", "Read"]


def test_results_outlive_the_process_on_disk(make_engine: Make) -> None:
    @node("Slow", category="toy")
    def slow(a: int) -> Any:
        """Give a tuple, which is worth a file."""
        calls.append("Slow")
        return (a, {"b": [1.5]})

    graph = Graph()
    graph.add("s", "Slow", a=1)
    first = make_engine(slow, disk=True)
    first.run(graph, ["s"])
    first.close()
    second = make_engine(slow, disk=True)
    result = second.run(graph, ["s"])
    assert (result.nodes["s"].state, result.values["s"]) == ("disk", ((1, {"b": [1.5]}),))
    assert calls == ["Slow"]


def test_records_weigh_little() -> None:
    assert Record((1,), "Add", 0.1).shown is None


def test_a_file_read_on_the_way_is_watched_by_everything_made_from_it(make_engine: Make) -> None:
    @node("Read", category="toy")
    def read(ctx: Context, name: str) -> str:
        """Read a file that no key names."""
        return ctx.open(ctx.folders.find("input", name)).path.read_text()

    @node("Up", category="toy")
    def up(text: str) -> str:
        """Make capitals."""
        return text.upper()

    engine = make_engine(read, up)
    file = engine.folders.root("input") / "a.txt"
    file.parent.mkdir()
    graph = Graph()
    graph.add("u2", "Up", text=graph.add("u", "Up", text=graph.add("r", "Read", name="a.txt")))
    for text in ("one", "two!", "three"):
        file.write_text(text)
        assert engine.run(graph, ["u2"]).values["u2"] == (text.upper(),)
    assert {report.state for report in engine.run(graph, ["u2"]).nodes.values()} == {"memory"}


class Handle:
    """Points at a file, as a model's handle does."""

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path
        self.files = ((str(path), digest),)


@node("LoadModel", category="toy")
def load_model(ctx: Context, name: Annotated[str, File("input")]) -> Any:
    """Give a handle that knows the file's place."""
    return Handle(*ctx.open(ctx.folders.find("input", name)))


@node("Pass", category="toy")
def pass_on(model: Any) -> Any:
    """Hand it on."""
    return model


@node("Use", category="toy")
def use(model: Any, times: int = 1) -> int:
    """Read the file that the handle points at."""
    calls.append("Use")
    return int(model.path.read_text()) * times


def test_a_moved_model_file_is_found_again_and_what_was_made_with_it_is_kept(make_engine: Make) -> None:
    engine = make_engine(load_model, pass_on, use)
    file = engine.folders.root("input") / "a.txt"
    file.parent.mkdir()
    file.write_text("21")
    graph = Graph()
    graph.add("u", "Use", model=graph.add("p", "Pass", model=graph.add("l", "LoadModel", name="a.txt")))
    engine.run(graph, ["u"])
    file.rename(file.with_name("b.txt"))
    file.write_text("0")
    moved = graph.with_inputs({("l", "name"): "b.txt"})
    assert engine.run(moved, ["u"]).values["u"] == (21,)
    assert calls == ["Use"]
    assert engine.run(moved.with_inputs({("u", "times"): 2}), ["u"]).values["u"] == (42,)


def test_hashing_a_large_file_can_be_cancelled(make_engine: Make) -> None:
    @node("Load", category="toy")
    def load(name: Annotated[str, File("input")]) -> int:
        """Never run."""
        calls.append("Load")
        return 1

    engine = make_engine(load)
    file = engine.folders.root("input") / "a.txt"
    file.parent.mkdir()
    file.write_bytes(b"0" * 3_000_000)
    graph = Graph()
    graph.add("l", "Load", name="a.txt")
    cancel = Cancel()
    cancel.cancel()
    assert engine.run(graph, ["l"], cancel=cancel).status == "cancelled"
    assert calls == []
    assert engine.run(graph, ["l"]).status == "done"


def test_a_file_that_cannot_be_read_is_a_problem_of_the_graph(
    make_engine: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    @node("Load", category="toy")
    def load(name: Annotated[str, File("input")]) -> int:
        """Never run."""
        return 1

    engine = make_engine(load)
    file = engine.folders.root("input") / "a.txt"
    file.parent.mkdir()
    file.write_text("secret")
    graph = Graph()
    graph.add("l", "Load", name="a.txt")

    def refuse(path: str) -> str:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(engine.digests, "_hash", refuse)
    with pytest.raises(Problems, match=r"a\.txt' cannot be read \(Permission denied\)"):
        engine.run(graph, ["l"])


def test_cancelling_from_another_thread_wakes_a_waiting_device_lane(make_engine: Make) -> None:
    @node("Stuck", category="toy", lane="io")
    def stuck(a: int) -> int:
        """Ignore cancelling."""
        time.sleep(5)
        return a

    graph = Graph()
    graph.add("s", "Add", a=graph.add("i", "Stuck", a=1))
    cancel = Cancel()
    threading.Timer(0.1, cancel.cancel).start()
    started = time.perf_counter()
    assert make_engine(stuck, *ALL).run(graph, ["s"], cancel=cancel).status == "cancelled"
    assert time.perf_counter() - started < 2.0


def test_whole_numbers_become_real_in_lists_and_lazy_inputs_too(make_engine: Make) -> None:
    @node("Reals", category="toy")
    async def reals(many: Many[float], lazy: Lazy[float]) -> Any:
        """Give what came."""
        return [*many, await lazy]

    @node("Whole", category="toy")
    def whole() -> Any:
        """Give a whole number without saying so."""
        return 2

    graph = Graph()
    graph.add("r", "Reals", many=8, lazy=Link("n"))
    graph.add("n", "Whole")
    graph.add("s", "Reals", many=Link("n"), lazy=8)
    engine = make_engine(reals, whole)
    assert repr(engine.run(graph, ["r"]).values["r"]) == "([8.0, 2.0],)"
    assert repr(engine.run(graph, ["s"]).values["s"]) == "([2.0, 8.0],)"


def test_a_value_that_a_body_changed_before_expanding_is_not_taken_for_its_source(make_engine: Make) -> None:
    @node("Dict", category="toy")
    def make_dict() -> Any:
        """Give a container."""
        return {"n": 1}

    @node("Times", category="toy")
    def times(box: Any, k: int) -> Any:
        """Change the container, and hand it on in a graph."""
        box["n"] *= k
        graph = Graph()
        return Expand(graph, (graph.add("o", "Open", box=box),))

    @node("Open", category="toy")
    def open_box(box: Any) -> int:
        """Look inside."""
        return box["n"]

    graph = Graph()
    graph.add("t", "Times", box=graph.add("d", "Dict"), k=1)
    engine = make_engine(make_dict, times, open_box)
    assert engine.run(graph, ["t"]).values["t"] == (1,)
    assert engine.run(graph.with_inputs({("t", "k"): 5}), ["t"]).values["t"] == (5,)


class Box:
    """A tensor of one number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._version = 0
        self.nbytes = 8

    def scale(self, by: int) -> None:
        self.number *= by
        self._version += 1


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_others_get_a_value_anew_that_a_body_changed_in_place(make_engine: Make, order: str) -> None:
    @node("Make", category="toy")
    def make() -> Any:
        """Give a tensor."""
        return Box(2)

    @node("InPlace", category="toy")
    def in_place(box: Any) -> int:
        """Change it."""
        box.scale(100)
        return box.number

    @node("Twice", category="toy")
    def twice(box: Any) -> int:
        """Only read it."""
        return 2 * box.number

    graph = Graph()
    source = graph.add("s", "Make")
    for name in order:
        graph.add(name, {"a": "InPlace", "b": "Twice"}[name], box=source)
    engine = make_engine(make, in_place, twice)
    result = engine.run(graph, list(order)).raise_for_error()
    assert (result.values["a"], result.values["b"]) == ((200,), (4,))


def test_a_file_that_was_not_filled_is_gone_after_cancelling(make_engine: Make) -> None:
    @node("Save", category="toy", effect=True, lane="io")
    def save(ctx: Context, value: int) -> None:
        """Take long to write."""
        path = ctx.reserve("slow", ".txt")
        path.with_name(f".{path.name}.abc.part").write_text("half")
        time.sleep(2)

    graph = Graph()
    graph.add("s", "Save", value=1)
    engine = make_engine(save)
    cancel = Cancel()
    threading.Timer(0.2, cancel.cancel).start()
    assert engine.run(graph, cancel=cancel).status == "cancelled"
    assert list(engine.folders.output.iterdir()) == []


def test_leaving_an_engine_writes_what_is_left(make_engine: Make, tmp_path: Path) -> None:
    @node("Tuple", category="toy")
    def make_tuple() -> Any:
        """Give what is worth a file."""
        return (1, 2)

    graph = Graph()
    graph.add("t", "Tuple")
    with make_engine(make_tuple, disk=True) as engine:
        engine.run(graph, ["t"])
    assert len(list((tmp_path / "cache").rglob("*.safetensors"))) == 1
