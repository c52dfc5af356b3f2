"""Keys: equal work has equal keys, and nothing else has."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight import File, Graph, Link, Many, Number, Registry, node
from safelight.core.digest import Digests
from safelight.core.epoch import Epoch
from safelight.core.error import BadInput, NodeFailed
from safelight.core.folder import Folders
from safelight.core.key import Keys, fresh_key, item_key
from safelight.core.spec import InputSpec, NodeSpec, OutputSpec
from safelight.core.validation import validate
from safelight.core.widget import Free


@node("Make", category="toy")
def make(whole: int = 0, real: float = 0.0, text: str = "", flag: bool = False, free: Any = None) -> Any:
    """Make something."""


@node("Join", category="toy")
def join(a: Any, b: Any = None) -> Any:
    """Join two."""


@node("Mean", category="toy")
def mean(values: Many[float]) -> float:
    """Take all."""
    return sum(values) / len(values)


@node("Read", category="toy")
def read(name: Annotated[str, File("input")] = "a.png") -> Any:
    """Read a file."""


@node("Save", category="toy", effect=True)
def save(value: int = 0) -> None:
    """Save."""


@node("Own", category="toy", per_node=True)
def own(value: int = 0) -> int:
    """Depend on the node's id."""
    return value


@node("Chance", category="toy", cached=False)
def chance() -> int:
    """Give something else each time."""
    return 4


said: list[Any] = []


def listen(literals: Mapping[str, Any]) -> Any:
    return said[-1](literals)


@node("Told", category="toy", fingerprint=listen)
def told(value: Any = 0, other: Any = 0) -> Any:
    """Depend on what a function says."""


ALL = Registry(
    function.spec  # type: ignore[attr-defined]
    for function in (make, join, mean, read, save, own, chance, told)
)


def keys_of(
    graph: Graph, folders: Folders | None = None, epoch: Epoch | None = None, registry: Registry = ALL
) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    Keys(epoch or Epoch(), folders).extend(keys, validate(graph, registry, graph, folders).order)
    return keys


def key(type: str, /, *, folders: Folders | None = None, epoch: Epoch | None = None, **inputs: Any) -> bytes:
    graph = Graph()
    graph.add("it", type, **inputs)
    return keys_of(graph, folders, epoch)["it"]


def test_eight_and_eight_point_zero_are_one_float() -> None:
    assert key("Make", real=8) == key("Make", real=8.0)


def test_eight_and_eight_point_zero_are_two_anythings() -> None:
    assert key("Make", free=8) != key("Make", free=8.0)


def test_large_whole_numbers_are_exact() -> None:
    assert key("Make", whole=2**64 - 1) != key("Make", whole=2**64 - 2)


def test_an_input_that_is_not_set_counts_as_its_default() -> None:
    assert key("Make") == key("Make", whole=0, real=0, text="", flag=False)


def test_none_counts_as_not_set_where_it_is_the_default() -> None:
    assert key("Make", free=None) == key("Make")
    assert key("Join", a=1, b=None) == key("Join", a=1)


def test_the_order_of_the_inputs_does_not_matter() -> None:
    assert key("Make", whole=1, text="x") == key("Make", text="x", whole=1)


def test_an_input_that_the_node_does_not_have_does_not_matter() -> None:
    assert key("Make", unknown=3) == key("Make")


def test_the_id_and_the_title_of_a_node_do_not_matter() -> None:
    one, other = Graph(), Graph()
    one.add("sum", "Join", a=one.add("1", "Make", whole=5), b=one.add("2", "Make"))
    other.add("x", "Join", "My sum", a=other.add("b", "Make", whole=5), b=other.add("a", "Make"))
    assert keys_of(one)["sum"] == keys_of(other)["x"]


def test_the_id_matters_to_a_node_that_depends_on_it() -> None:
    graph = Graph()
    graph.add("1", "Own")
    graph.add("2", "Own")
    assert len(set(keys_of(graph).values())) == 2
    assert keys_of(graph) == keys_of(graph)


def test_a_change_upstream_changes_every_key_below() -> None:
    def chain(first: int) -> dict[str, bytes]:
        graph = Graph()
        last = graph.add("0", "Make", whole=first)
        for number in range(1, 4):
            last = graph.add(str(number), "Join", a=last, b=number)
        return keys_of(graph)

    before, after = chain(1), chain(2)
    assert all(before[id] != after[id] for id in before)


def test_the_slot_matters_and_so_does_which_input_is_linked() -> None:
    spec = NodeSpec("Two", lambda: (1, 2), outputs=(OutputSpec("a", "*"), OutputSpec("b", "*")), single=False)
    registry = Registry([*ALL, spec])

    def linked(**slots: int) -> bytes:
        graph = Graph()
        graph.add("two", "Two")
        inputs = {name: Link("two", slot) for name, slot in slots.items()}
        graph.add("join", "Join", **{"a": 0, **inputs})
        return keys_of(graph, registry=registry)["join"]

    assert len({linked(a=0), linked(a=1), linked(a=0, b=1), linked(a=1, b=0), linked(b=0)}) == 5


def test_another_version_is_other_work() -> None:
    specs = [NodeSpec("Same", lambda: 1, outputs=(OutputSpec("a", "*"),), version=v) for v in (1, 2)]
    keys = []
    for spec in specs:
        graph = Graph()
        graph.add("it", "Same")
        keys.append(keys_of(graph, registry=Registry([spec]))["it"])
    assert keys[0] != keys[1]


def test_another_epoch_is_other_work() -> None:
    assert key("Make", epoch=Epoch({"plan": "fp32"})) != key("Make", epoch=Epoch({"plan": "bf16"}))
    assert key("Make", epoch=Epoch({"plan": "fp32"})) == key("Make", epoch=Epoch({"plan": "fp32"}))


def test_types_with_equal_inputs_are_kept_apart() -> None:
    assert key("Save") != key("Own")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "a.png").write_bytes(b"picture")
    (tmp_path / "input" / "same.png").write_bytes(b"picture")
    (tmp_path / "input" / "other.png").write_bytes(b"another")
    return Folders(tmp_path)


def test_a_file_is_its_content_and_not_its_name(folders: Folders) -> None:
    assert key("Read", name="a.png", folders=folders) == key("Read", name="same.png", folders=folders)
    assert key("Read", name="a.png", folders=folders) != key("Read", name="other.png", folders=folders)


def test_a_changed_file_is_other_work(folders: Folders) -> None:
    before = key("Read", name="a.png", folders=folders)
    (folders.data / "input" / "a.png").write_bytes(b"new picture")
    assert key("Read", name="a.png", folders=folders) != before


def test_a_file_that_is_a_default_counts_by_its_content_each_time(folders: Folders) -> None:
    graph = Graph()
    graph.add("it", "Read")
    order = validate(graph, ALL, graph, folders).order
    keys, found = Keys(Epoch(), folders), []
    for content in (b"picture", b"new picture"):
        (folders.data / "input" / "a.png").write_bytes(content)
        result: dict[str, bytes] = {}
        keys.extend(result, order)
        found.append(result["it"])
        assert found[-1] == key("Read", name="a.png", folders=folders)
        item = keys.of_item("it", graph["it"], ALL.get("Read"), {})
        assert item == found[-1]
    assert found[0] != found[1]


def test_a_file_that_cannot_be_read_is_named(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Digests, path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Digests, "of", refuse)
    with pytest.raises(BadInput) as caught:
        key("Read", name="a.png", folders=folders)
    assert str(caught.value).startswith(
        "node 'it' (Read), input 'name': the file 'a.png' cannot be read (Permission denied)."
    )


def test_where_an_effect_saves_to_matters(tmp_path: Path) -> None:
    here, there = Folders(tmp_path, output=tmp_path / "here"), Folders(tmp_path, output=tmp_path / "there")
    assert key("Save", folders=here) != key("Save", folders=there)
    assert key("Save", folders=here) == key("Save", folders=here)
    assert key("Make", folders=here) == key("Make", folders=there)


def test_a_node_that_is_never_kept_has_a_new_key_each_time() -> None:
    assert key("Chance") != key("Chance")


def test_a_fingerprint_is_part_of_the_key() -> None:
    said.append(lambda literals: "monday")
    monday = key("Told")
    assert key("Told") == monday
    said.append(lambda literals: "tuesday")
    assert key("Told") != monday


def test_a_fingerprint_sees_literals_and_none_for_links() -> None:
    seen: list[Mapping[str, Any]] = []
    said.append(seen.append)
    graph = Graph()
    graph.add("told", "Told", value=3, other=graph.add("make", "Make"))
    keys_of(graph)
    assert seen == [{"value": 3, "other": None}]


@pytest.mark.parametrize("never", [nan, object(), [nan], {"x": object()}])
def test_a_fingerprint_like_nothing_else_is_never_found_again(never: Any) -> None:
    said.append(lambda literals: never)
    assert key("Told") != key("Told")


@pytest.mark.parametrize(
    "lasting", [None, 3, "x", b"x", (1, 2), {"b": 1, "a": [2.5]}, frozenset({3, 1, 2}), Path("a")]
)
def test_any_plain_fingerprint_lasts(lasting: Any) -> None:
    said.append(lambda literals: lasting)
    assert key("Told") == key("Told")


def test_a_fingerprint_that_fails_is_a_failure_of_its_node() -> None:
    said.append(lambda literals: 1 / 0)
    with pytest.raises(NodeFailed) as caught:
        key("Told")
    assert str(caught.value).startswith("node 'it' (Told): its fingerprint cannot be made (ZeroDivisionError")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_items_of_a_stream_have_keys_of_their_own() -> None:
    source = fresh_key()
    keys = {item_key(source, slot, index) for slot in range(3) for index in range(20)}
    assert len(keys) == 60
    assert item_key(source, 1, 2) == item_key(source, 1, 2)


def test_the_key_of_one_item_has_what_stands_for_its_links() -> None:
    keys, spec = Keys(Epoch()), ALL.get("Join")
    graph = Graph()
    graph.add("join", "Join", a=Link("stream"), b=3)
    found = {
        keys.of_item("join", graph["join"], spec, {"a": b"I" + item_key(b"source", 0, n)}) for n in range(5)
    }
    assert len(found) == 5


# What is hashed is unambiguous: different inputs never give the same key, equal ones always do.

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.sampled_from("is;-1fn8.0\0é"), max_size=6)
    | st.text(max_size=4)
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(st.sampled_from("ab;1"), max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)


def canonical(value: Any) -> Any:
    """A value that equals another only if the two are the same, type by type."""
    match value:
        case list() | tuple():
            return type(value).__name__, tuple(map(canonical, value))
        case dict():
            return "dict", frozenset((name, canonical(item)) for name, item in value.items())
    return type(value).__name__, repr(value)


@given(one=st.tuples(trees, trees), other=st.tuples(trees, trees))
def test_different_values_never_have_the_same_key(one: tuple[Any, Any], other: tuple[Any, Any]) -> None:
    spec = NodeSpec("Pair", lambda: 0, (InputSpec("a", "*", Free()), InputSpec("b", "*", Free())))
    keys = Keys(Epoch())

    def made(pair: tuple[Any, Any]) -> bytes:
        graph = Graph()
        graph.add("it", "Pair", a=pair[0], b=pair[1])
        return keys.of_item("it", graph["it"], spec, {})

    assert (made(one) == made(other)) == (canonical(one) == canonical(other))


typed = st.fixed_dictionaries(
    {},
    optional={
        "whole": st.integers(),
        "real": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
        "text": st.text(st.sampled_from("is;-1fn8.0\0é"), max_size=6),
        "flag": st.booleans(),
        "free": scalars,
    },
)


@given(one=typed, other=typed)
def test_literals_are_the_same_when_their_declared_types_say_so(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    def meant(inputs: dict[str, Any]) -> Any:
        given = {"whole": 0, "real": 0.0, "text": "", "flag": False, "free": None} | inputs
        return canonical({**given, "real": float(given["real"])})

    keys, spec = Keys(Epoch()), ALL.get("Make")

    def made(inputs: dict[str, Any]) -> bytes:
        graph = Graph()
        graph.add("it", "Make", **inputs)
        return keys.of_item("it", graph["it"], spec, {})

    assert (made(one) == made(other)) == (meant(one) == meant(other))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A small graph of joins over numbers; ids are drawn too."""
    graph, links = Graph(), []
    for id in draw(st.lists(st.text(max_size=3), min_size=1, max_size=6, unique=True)):
        value = st.sampled_from([0, 1, *links])
        links.append(graph.add(id, "Join", a=draw(value), b=draw(value)))
    return graph


def meaning(graph: Graph, id: str) -> Any:
    """What a node computes, without ids."""
    return tuple(
        meaning(graph, value.node) if isinstance(value, Link) else value
        for value in graph[id].inputs.values()
    )


@given(one=graphs(), other=graphs())
def test_nodes_have_the_same_key_when_they_compute_the_same(one: Graph, other: Graph) -> None:
    found: dict[bytes, Any] = {}
    meanings = set()
    for graph in (one, other):
        for id, made in keys_of(graph).items():
            meant = meaning(graph, id)
            assert found.setdefault(made, meant) == meant
            meanings.add(meant)
    assert len(meanings) == len(found)


def test_a_number_for_an_input_that_gathers_has_a_key() -> None:
    assert key("Mean", values=8) == key("Mean", values=8.0)


def test_any_number_of_a_range_has_a_key() -> None:
    @node("Ranged", category="toy")
    def ranged(value: Annotated[float, Number(min=0)] = 1) -> float:
        """Take it."""
        return value

    spec: NodeSpec = ranged.spec  # type: ignore[attr-defined]
    graph = Graph()
    graph.add("it", "Ranged", value=10**300)
    assert keys_of(graph, registry=Registry([spec]))
