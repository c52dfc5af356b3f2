"""Validation: every problem of what is demanded, at once, with node, input, reason and remedy."""

from __future__ import annotations

import time
from itertools import pairwise
from math import inf, nan
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight import Choice, File, Graph, Image, Link, Many, Mask, Model, Number, Registry, node
from safelight.core.error import BadInput, CycleError, GraphError, MissingInput, UnknownNode
from safelight.core.folder import Folders
from safelight.core.graph import Node
from safelight.core.validation import CYCLES_MAX, Validated, Walk, roots_of, validate


class Loaded(NamedTuple):
    """What a loader gives."""

    model: Model
    picture: Image


asked: list[str] = []


def names() -> list[str]:
    asked.append("asked")
    return ["euler", "heun"]


@node("Load", category="toy")
def load(name: Annotated[str, File("checkpoints")]) -> Loaded:
    """Load."""
    raise NotImplementedError


@node("Sample", category="toy")
def sample(
    model: Model,
    steps: Annotated[int, Number(min=1, max=100)] = 20,
    cfg: Annotated[float, Number(min=0.0, max=30.0)] = 8.0,
    name: Annotated[str, Choice(of=names)] = "euler",
    mode: Literal["a", "b"] = "a",
    mask: Mask | None = None,
) -> Image:
    """Sample."""
    raise NotImplementedError


@node("Start", category="toy")
def start(file: Annotated[str, File("input")] = "missing.png") -> Model:
    """Begin from a picture."""
    raise NotImplementedError


@node("Join", category="toy")
def join(a: Any = 0, b: Any = 0, c: Any = 0) -> Any:
    """Join."""


@node("Save", category="toy", effect=True)
def save(image: Image) -> None:
    """Save."""


@node("Gather", category="toy")
def gather(values: Many[float]) -> float:
    """Take all."""
    return sum(values)


REGISTRY = Registry(
    function.spec  # type: ignore[attr-defined]
    for function in (load, sample, start, join, save, gather)
)


def check(graph: Graph, *roots: str, folders: Folders | None = None) -> Validated:
    return validate(graph, REGISTRY, roots or tuple(graph), folders)


def only(graph: Graph, *roots: str, folders: Folders | None = None) -> GraphError:
    (problem,) = check(graph, *roots, folders=folders).problems
    return problem


def good() -> Graph:
    graph = Graph()
    graph.add("1", "Load", name="m.safetensors")
    graph.add("2", "Sample", model=Link("1"), steps=3, cfg=7)
    graph.add("3", "Save", image=Link("2"))
    return graph


def test_a_good_graph_has_no_problems_and_comes_sources_first() -> None:
    found = check(good(), "3")
    assert (found.problems, found.notices) == ([], [])
    assert [id for id, _, _ in found.order] == ["1", "2", "3"]


def test_every_problem_is_told_at_once() -> None:
    graph = Graph()
    graph.add("1", "Load")
    graph.add("2", "Sample", model=Link("1", 1), steps=0, cfg=nan, name="eulr", mode="c", mask=3)
    graph.add("3", "Save", image=Link("2"))
    graph.add("4", "Save", image=Link("7"))
    graph.add("5", "Save", image=Link("6"))
    graph.add("6", "Samplr", model=Link("1"))
    found = check(graph, "3", "4", "5")
    assert [(p.where.node, p.where.input) for p in found.problems] == [
        ("2", "model"),
        ("2", "steps"),
        ("2", "cfg"),
        ("2", "name"),
        ("2", "mode"),
        ("2", "mask"),
        ("1", "name"),
        ("4", "image"),
        ("6", None),
    ]
    assert all(problem.remedy for problem in found.problems)


@pytest.mark.parametrize(
    ("inputs", "kind", "text"),
    [
        (
            {},
            MissingInput,
            "node '2' (Sample), input 'model': nothing is connected. Connect a MODEL output to it.",
        ),
        (
            {"model": Link("1", 1)},
            BadInput,
            (
                "node '2' (Sample), input 'model': takes MODEL but node '1' gives IMAGE. "
                "Connect a MODEL output instead."
            ),
        ),
        (
            {"model": Link("9")},
            BadInput,
            (
                "node '2' (Sample), input 'model': is linked to node '9', which does not exist. "
                "Connect a MODEL output to it."
            ),
        ),
        (
            {"model": Link("1", 2)},
            BadInput,
            (
                "node '2' (Sample), input 'model': is linked to output 2 of node '1' (Load), "
                "which has 2 outputs. Connect one of the outputs that it has."
            ),
        ),
        (
            {"model": Link("1", -1)},
            BadInput,
            (
                "node '2' (Sample), input 'model': is linked to output -1 of node '1' (Load), "
                "which has 2 outputs. Connect one of the outputs that it has."
            ),
        ),
        (
            {"model": Link("3")},
            BadInput,
            (
                "node '2' (Sample), input 'model': is linked to output 0 of node '3' (Save), "
                "which has no outputs. Connect one of the outputs that it has."
            ),
        ),
        (
            {"model": "sd15"},
            BadInput,
            (
                "node '2' (Sample), input 'model': takes MODEL from a wire but holds 'sd15'. "
                "Connect a MODEL output to it."
            ),
        ),
        (
            {"model": Link("1"), "steps": 0},
            BadInput,
            "node '2' (Sample), input 'steps': 0 is below the minimum 1. Choose a value of at least 1.",
        ),
        (
            {"model": Link("1"), "steps": 2.0},
            BadInput,
            "node '2' (Sample), input 'steps': 2.0 is not a whole number. Enter a whole number.",
        ),
        (
            {"model": Link("1"), "cfg": inf},
            BadInput,
            "node '2' (Sample), input 'cfg': inf is not a finite number. Enter a finite number.",
        ),
        (
            {"model": Link("1"), "name": "eulr"},
            BadInput,
            "node '2' (Sample), input 'name': 'eulr' is not one of its choices. Did you mean 'euler'?",
        ),
    ],
)
def test_a_problem_says_where_what_and_what_to_do(inputs: dict[str, Any], kind: type, text: str) -> None:
    graph = good()
    graph.nodes["3"] = Node("Save", {"image": Link("1", 1)})
    graph.nodes["2"] = Node("Sample", inputs)
    problem = only(graph, "2")
    assert type(problem) is kind
    assert str(problem) == text


def test_an_unknown_type_comes_back_with_the_nearest_name() -> None:
    graph = Graph()
    graph.add("9", "Samplr")
    problem = only(graph)
    assert isinstance(problem, UnknownNode)
    assert str(problem) == "node '9' (Samplr): no node type 'Samplr'. Did you mean 'Sample'?"


def test_a_title_is_told_with_the_type() -> None:
    graph = Graph()
    graph.add("9", "Sample", "Second pass")
    assert str(only(graph)).startswith("node '9' (Sample, 'Second pass'), input 'model':")


def test_a_root_that_is_not_there_comes_back_with_the_nearest_id() -> None:
    graph = Graph()
    graph.add("preview", "Join")
    assert str(only(graph, "previw")) == "node 'previw': there is no such node. Did you mean 'preview'?"


def test_an_input_that_the_node_does_not_have_is_a_notice() -> None:
    graph = Graph()
    graph.add("1", "Join", a=1, d=nan)
    found = check(graph)
    assert found.problems == []
    assert found.notices == ["node '1' (Join), input 'd': Join has no such input, so it is ignored."]


def test_only_what_a_root_needs_is_looked_at() -> None:
    graph = good()
    graph.add("4", "Sample", steps=-1)
    graph.add("5", "Unknown", image=Link("3"))
    graph.add("6", "Join", a=Link("6"))
    found = check(graph, "3")
    assert found.problems == []
    assert len(found.order) == 3


def test_roots_are_the_nodes_with_an_effect_in_the_order_of_the_graph() -> None:
    graph = good()
    graph.add("0", "Save", image=Link("2"))
    graph.add("4", "Unknown")
    assert roots_of(graph, REGISTRY) == ["3", "0"]


def test_nodes_shared_by_several_roots_are_checked_once() -> None:
    graph = Graph()
    graph.add("bad", "Sample")
    for number in range(3):
        graph.add(f"save {number}", "Save", image=Link("bad"))
    assert len(check(graph).problems) == 1


def test_none_is_taken_where_it_is_the_default_and_nowhere_else() -> None:
    graph = good()
    graph.nodes["2"].inputs |= {"mask": None, "steps": None}
    assert only(graph, "3").where.input == "steps"


# Numbers that are none


@pytest.mark.parametrize("value", [nan, inf, [1, [nan]], {"x": {"y": -inf}}, (0.0, inf)])
def test_no_nan_or_infinity_comes_in_by_an_input_that_takes_anything(value: Any) -> None:
    graph = Graph()
    graph.add("1", "Join", a=value)
    assert "is not a finite number" in str(only(graph))


def test_an_object_is_no_literal() -> None:
    graph = Graph()
    graph.add("1", "Join", a=object())
    assert "is not a value that a file can hold. Connect an output instead." in str(only(graph))


def test_a_literal_nested_without_end_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    graph = Graph()
    graph.add("1", "Join", a=endless)
    assert "is nested more than 100 deep" in str(only(graph))


def test_a_whole_number_beyond_all_real_ones_is_refused() -> None:
    graph = Graph()
    graph.add("1", "Gather", values=10**400)
    assert "is not a finite number" in str(only(graph))


# Files and choices


def test_a_file_that_is_not_there_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    models = tmp_path / "models" / "checkpoints"
    models.mkdir(parents=True)
    (models / "dreamshaper.safetensors").touch()
    graph = Graph()
    graph.add("1", "Load", name="dreamshapr.safetensors")
    problem = only(graph, folders=Folders(tmp_path))
    assert problem.problem == f"there is no file 'dreamshapr.safetensors' in {models}"
    assert problem.remedy == "Did you mean 'dreamshaper.safetensors'?"
    assert problem.where.input == "name"


def test_a_default_that_is_a_missing_file_is_refused(tmp_path: Path) -> None:
    graph = Graph()
    graph.add("1", "Start")
    assert "there is no file 'missing.png'" in str(only(graph, folders=Folders(tmp_path)))


def test_choices_are_asked_for_once_a_walk() -> None:
    graph = Graph()
    graph.add("load", "Load", name="m.safetensors")
    for number in range(20):
        graph.add(str(number), "Sample", model=Link("load"), name="heun")
    asked.clear()
    assert check(graph).problems == []
    assert len(asked) == 1


# Circles


def circle(*ids: str) -> Graph:
    """Each node feeds the next, and the last the first."""
    graph = Graph()
    for before, id in zip((ids[-1], *ids), ids, strict=False):
        graph.add(id, "Join", a=Link(before))
    return graph


def follows_links(graph: Graph, path: tuple[str, ...]) -> bool:
    return all(before in {link.node for _, link in graph[id].links} for before, id in pairwise(path))


def test_a_node_that_feeds_itself_is_a_circle() -> None:
    problem = only(circle("a"))
    assert isinstance(problem, CycleError)
    assert problem.path == ("a", "a")
    assert "the nodes form a circle: 'a' -> 'a'. Remove one of these links." in str(problem)


def test_a_circle_is_named_in_the_direction_of_its_links() -> None:
    graph = circle("a", "b", "c")
    problem = only(graph, "b")
    assert isinstance(problem, CycleError)
    assert len(problem.path) == 4
    assert follows_links(graph, problem.path)


def test_nodes_beside_a_circle_are_not_named() -> None:
    graph = Graph()
    graph.add("b", "Join", a=Link("d"))
    graph.add("d", "Join", a=Link("b"))
    graph.add("c", "Join", a=Link("x"), b=Link("b"))
    graph.add("x", "Join")
    graph.add("root", "Join", a=Link("b"), b=Link("c"))
    problem = only(graph, "root")
    assert isinstance(problem, CycleError)
    assert sorted(set(problem.path)) == ["b", "d"]


def test_a_long_circle_is_kept_whole_and_shortened_in_words() -> None:
    ids = tuple(str(number) for number in range(10_000))
    problem = only(circle(*ids))
    assert isinstance(problem, CycleError)
    assert len(problem.path) == 10_001
    assert set(problem.path) == set(ids)
    assert "more) ..." in str(problem)
    assert len(str(problem)) < 400


def test_a_tangle_of_circles_does_not_take_forever() -> None:
    graph = Graph()
    for number in range(5_000):
        graph.add(str(number), "Join", a=Link(str(number - 1 if number else 4_999)), b=Link("0"))
    started = time.perf_counter()
    problems = check(graph).problems
    assert time.perf_counter() - started < 2
    assert len(problems) == CYCLES_MAX


def test_each_of_several_circles_is_named() -> None:
    graph = circle("a", "b")
    graph.nodes |= circle("c", "d").nodes
    problems = check(graph).problems
    assert [sorted(set(p.path)) for p in problems if isinstance(p, CycleError)] == [["a", "b"], ["c", "d"]]


@given(links=st.lists(st.lists(st.integers(0, 7), max_size=3), min_size=1, max_size=8))
def test_a_circle_is_told_exactly_when_there_is_one_and_its_path_is_real(links: list[list[int]]) -> None:
    graph = Graph()
    for id, sources in enumerate(links):
        inputs = {name: Link(str(n)) for name, n in zip("abc", sources, strict=False) if n < len(links)}
        graph.add(str(id), "Join", **inputs)
    found = check(graph)
    assert bool(found.problems) is not networkx.is_directed_acyclic_graph(graph.network())
    for problem in found.problems:
        assert isinstance(problem, CycleError)
        assert problem.path[0] == problem.path[-1]
        assert len(set(problem.path)) == len(problem.path) - 1
        assert follows_links(graph, problem.path)
    if not found.problems:
        place = {id: number for number, (id, _, _) in enumerate(found.order)}
        assert sorted(place) == sorted(graph)
        assert all(place[link.node] < place[id] for id in graph for _, link in graph[id].links)


# Depth and growth


def test_a_chain_of_ten_thousand_nodes_is_walked() -> None:
    graph = Graph()
    last: Any = 0
    for number in range(10_000):
        last = graph.add(str(number), "Join", a=last)
    found = check(graph, last.node)
    assert found.problems == []
    assert [id for id, _, _ in found.order] == [str(number) for number in range(10_000)]


def test_a_grid_is_walked_once_a_node() -> None:
    graph = Graph()
    for row in range(60):
        for column in range(60):
            inputs = {"a": Link(f"{row - 1} {column}"), "b": Link(f"{row} {column - 1}")}
            kept = {name: link for name, link in inputs.items() if "-1" not in link.node}
            graph.add(f"{row} {column}", "Join", **kept)
    assert len(check(graph, "59 59").order) == 3600


def test_nodes_that_are_added_later_are_checked_alone() -> None:
    graph = good()
    walk = Walk(graph, REGISTRY, None)
    assert walk.extend(["3"]) == []
    assert len(walk.take_order()) == 3
    graph.add("3.inner", "Sample", model=Link("1"), steps=0)
    (problem,) = walk.extend(["3.inner"])
    assert problem.where.node == "3.inner"
    assert [id for id, _, _ in walk.take_order()] == ["3.inner"]


wild = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**320) | st.floats() | st.text(max_size=4) | st.binary(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.integers() | st.text(), inner, max_size=2),
    max_leaves=4,
)
ids = st.sampled_from(["1", "2", "3", "4", ""])
input_names = st.sampled_from(
    ["name", "model", "steps", "cfg", "mode", "mask", "a", "b", "image", "file", "values", "zz"]
)
wild_nodes = st.builds(
    Node,
    st.sampled_from(["Load", "Sample", "Join", "Save", "Start", "Gather", "Saev", ""]),
    st.dictionaries(input_names, wild | st.builds(Link, ids, st.integers(-1, 3)), max_size=6),
    st.text(max_size=3),
)


@given(nodes=st.dictionaries(ids, wild_nodes, max_size=5), roots=st.lists(ids, max_size=3))
def test_no_graph_breaks_validation(nodes: dict[str, Node], roots: list[str]) -> None:
    found = check(Graph(nodes), *roots, folders=Folders(Path("/nonexistent")))
    assert all(str(problem) and problem.as_dict()["text"] for problem in found.problems)
