"""Codec: what goes to disk comes back exactly, or stays in memory and says why."""

from __future__ import annotations

import json
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from enum import IntEnum
from math import inf, nan
from pathlib import Path
from typing import Any, NamedTuple

import numpy
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.core.store import format
from safelight.core.store.codec import Codec, Unstorable
from safelight.tensor import TorchFormat

CODEC = Codec(tensors=TorchFormat())

texts = st.text(max_size=5) | st.text(st.sampled_from("$v\ud83d\ude00é\0"), max_size=4)
tensors = st.builds(
    lambda shape, dtype: (torch.arange(24)[: torch.Size(shape).numel()] - 7).reshape(shape).to(dtype),
    st.lists(st.integers(0, 3), max_size=3).filter(lambda shape: torch.Size(shape).numel() <= 24),
    st.sampled_from([torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.bool, torch.uint8]),
)
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(2**63 - 2, 2**64 + 2)
    | st.integers(10**999, 10**1002)
    | st.floats()
    | texts
    | st.binary(max_size=5)
)
keys = texts | st.integers() | st.booleans() | st.none() | st.floats() | st.tuples(st.integers(), texts)
values = st.recursive(
    plain | tensors,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=8,
)


def through(value: Any, codec: Codec = CODEC) -> Any:
    """A value after its way through the text of a file."""
    tree, found = codec.encode(value)
    return codec.decode(json.loads(json.dumps(tree)), found)


def through_a_file(value: Any, path: Path, codec: Codec = CODEC) -> Any:
    tree, found = codec.encode(value)
    format.write(path, tree, found, codec, durable=False)
    return codec.decode(*format.read(path, codec))


@given(value=values)
def test_any_nested_value_comes_back_exactly(value: Any, same: Any) -> None:
    assert same(through(value), value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(value=values)
def test_any_nested_value_comes_back_exactly_from_a_file(value: Any, same: Any, tmp_path: Path) -> None:
    assert same(through_a_file(value, tmp_path / "value"), value)


@pytest.mark.parametrize(
    "value",
    [
        (),
        ((), []),
        {True: "yes", 2: "two"},
        {"$": "tag"},
        {"$": {"$": "tensor", "v": "t0"}},
        [{"$": "tuple", "v": [1]}],
        {(1, (2, "x")): None},
        [nan, inf, -inf, -0.0, 5e-324],
        {nan: nan},
        [2**64 - 1, 2**64, -(2**64), 10**6000],
        b"\x00\xff",
        "\ud83d\ude00",
        {"\ud83d\ude00": 1},
        "\ud800",
        {"b": 1, "a": 2},
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_json_cannot_say_comes_back_exactly(value: Any, same: Any) -> None:
    assert same(through(value), value)


def test_conditioning_comes_back_exactly(tmp_path: Path, same: Any) -> None:
    hidden = torch.randn(1, 77, 8)
    mask = torch.zeros(1, 4, 4, dtype=torch.bool)
    conditioning = [
        [
            hidden,
            {
                "pooled_output": torch.randn(1, 8),
                "area": (64, 64, 0, 0),
                "mask": mask,
                "strength": 0.5,
                "hooks": {3: (hidden, None)},
                "start_percent": 0,
            },
        ]
    ]
    back = through_a_file(conditioning, tmp_path / "value")
    assert same(back, conditioning)
    assert back[0][0] is back[0][1]["hooks"][3][0]


def test_a_shared_tensor_is_written_once_and_shared_again(tmp_path: Path) -> None:
    one = torch.zeros(100_000)
    back = through_a_file({"a": one, "b": (one, one.view(one.shape))}, tmp_path / "value")
    assert back["a"] is back["b"][0]
    assert back["a"] is back["b"][1]
    assert (tmp_path / "value").stat().st_size < 500_000


def test_views_that_see_the_same_memory_differently_stay_apart(same: Any) -> None:
    whole = torch.arange(6.0)
    value = [whole, whole[:3], whole.reshape(2, 3), whole.reshape(3, 2).T, whole[3:]]
    assert same(through(value), value)


def test_equal_tensors_that_are_not_shared_stay_apart() -> None:
    back = through([torch.zeros(3), torch.zeros(3)])
    assert back[0] is not back[1]


def test_empty_tensors_stay_apart(same: Any) -> None:
    value = [torch.zeros(0), torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64)]
    assert same(through(value), value)


class Size(NamedTuple):
    width: int
    height: int


class Level(IntEnum):
    LOW = 1


@dataclass(frozen=True)
class Recipe:
    path: str
    patches: tuple[int, ...] = ()


class Model:
    pass


endless: list[Any] = []
endless.append(endless)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Model(), "Model has no exact form on disk"),
        ([{"deep": (Model(),)}], "Model has no exact form on disk"),
        (Size(1, 2), "Size has no exact form on disk"),
        (Level.LOW, "Level has no exact form on disk"),
        (OrderedDict(a=1), "collections.OrderedDict has no exact form on disk"),
        (defaultdict(list), "collections.defaultdict has no exact form on disk"),
        ({1, 2}, "builtins.set has no exact form on disk"),
        (bytearray(b"x"), "builtins.bytearray has no exact form on disk"),
        (1j, "builtins.complex has no exact form on disk"),
        (numpy.float64(1), "numpy.float64 has no exact form on disk"),
        ({Size(1, 2): 1}, "Size has no exact form on disk"),
        (endless, "it is nested too deeply, or holds itself"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_has_no_exact_form_says_so(value: Any, words: str) -> None:
    with pytest.raises(Unstorable, match=words):
        CODEC.encode(value)


def test_a_registered_class_comes_back_as_itself() -> None:
    codec = Codec()
    codec.register("recipe", Recipe, lambda it: [it.path, it.patches], lambda tree: Recipe(tree[0], tree[1]))
    value = {"model": Recipe("a", (1, 2)), "$": Recipe("b")}
    assert through(value, codec) == value


def test_a_class_may_be_registered_when_its_tag_is_met() -> None:
    writer = Codec()
    writer.register("recipe", Recipe, lambda it: it.path, Recipe)
    tree, _ = writer.encode(Recipe("a"))
    reader = Codec()
    reader.load_kind = lambda tag: reader.register(tag, Recipe, lambda it: it.path, Recipe)
    assert reader.decode(tree, {}) == Recipe("a")


def test_a_tag_that_nothing_is_registered_for_cannot_be_read() -> None:
    with pytest.raises(Unstorable, match="nothing is registered for 'recipe'"):
        Codec().decode({"$": "recipe", "v": 1}, {})


def test_without_a_tensor_format_a_tensor_cannot_be_stored() -> None:
    with pytest.raises(Unstorable, match=r"torch\.Tensor has no exact form"):
        Codec().encode(torch.zeros(1))


def test_the_tensor_format_is_loaded_when_there_can_be_tensors() -> None:
    loaded: list[str] = []

    def load() -> TorchFormat:
        loaded.append("loaded")
        return TorchFormat()

    codec = Codec(load_tensors=load)
    codec.encode([1, "x", (2.0, {"a": None})])
    assert loaded == []
    _, found = codec.encode([torch.zeros(1), torch.zeros(2)])
    assert (loaded, len(found)) == (["loaded"], 2)


def test_a_plain_tree_reads_as_plain_json() -> None:
    assert CODEC.encode({"a": [1, 2.5, "x", None, True]}) == ({"a": [1, 2.5, "x", None, True]}, {})
