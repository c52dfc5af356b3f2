"""Inputs that depend on a choice and inputs that grow: flat outside a node, nested inside."""

from __future__ import annotations

from typing import Any

import pytest

from safelight.core.epoch import Epoch
from safelight.core.graph import Graph
from safelight.core.key import Keys
from safelight.core.registry import Registry
from safelight.core.shape import fold, lay, shaped
from safelight.core.spec import Grow, InputSpec, NodeSpec, OutputSpec
from safelight.core.validation import validate
from safelight.core.widget import Number, Variant

SIDE = InputSpec("side", "INT", Number(integer=True), 512)
FACTOR = InputSpec("factor", "FLOAT", Number(min=0.0), 2.0)
INNER = InputSpec("how", "COMFY_DYNAMICCOMBO_V3", Variant({"soft": (FACTOR,), "hard": ()}))
RESIZE = InputSpec(
    "resize", "COMFY_DYNAMICCOMBO_V3", Variant({"by": (FACTOR,), "to": (SIDE,), "deep": (INNER,)})
)
ITEMS = InputSpec(
    "items", "COMFY_AUTOGROW_V3", grow=Grow(InputSpec("item", "*"), ("item0", "item1", "item2"), 1)
)
OTHERS = InputSpec("others", "COMFY_AUTOGROW_V3", grow=Grow(InputSpec("o", "*"), ("o0", "o1")))


def seen(**arguments: Any) -> Any:
    return arguments


TYPE = NodeSpec("Dynamic", seen, (ITEMS, OTHERS, RESIZE), (OutputSpec("seen", "*"),))


def names(given: dict[str, Any]) -> list[str]:
    return [one.name for one in lay(TYPE, given)]


def test_a_choice_brings_the_inputs_that_depend_on_it() -> None:
    assert names({"resize": "by"}) == ["items.item0", "resize", "resize.factor"]
    assert names({"resize": "to"}) == ["items.item0", "resize", "resize.side"]
    assert names({"resize": "deep", "resize.how": "soft"})[-2:] == ["resize.how", "resize.how.factor"]
    assert names({"resize": "deep", "resize.how": "hard"})[-1] == "resize.how"


def test_inputs_grow_up_to_the_last_that_is_used_and_only_the_first_must_be_set() -> None:
    spec = shaped(TYPE, {"items.item2": 1, "resize": "by"})
    assert [(one.name, one.required) for one in spec.inputs][:3] == [
        ("items.item0", True),
        ("items.item1", False),
        ("items.item2", False),
    ]


def test_a_shape_is_made_once_and_is_not_dynamic_itself() -> None:
    first, again = shaped(TYPE, {"resize": "by"}), shaped(TYPE, {"resize": "by", "resize.factor": 3})
    assert first is again
    assert shaped(first, {}) is first
    for word in range(1000):
        shaped(TYPE, {"resize": f"nonsense {word}"})
    assert len(TYPE.shapes) < 20


def test_the_function_gets_them_nested_with_the_defaults_of_what_is_not_set() -> None:
    spec = shaped(TYPE, {"resize": "deep", "resize.how": "soft"})
    given = {"items.item0": 7, "resize": "deep", "resize.how": "soft"}
    assert fold(spec, given) == {
        "items": {"item0": 7},
        "others": {},
        "resize": {"resize": "deep", "how": {"how": "soft", "factor": 2.0}},
    }


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"resize": "no"}, "'no' is not one of its choices"),
        ({"resize": "by", "resize.factor": -1.0}, "below the minimum"),
        ({"resize": "by"}, "nothing is connected"),
    ],
)
def test_each_of_them_is_validated_under_its_own_name(inputs: dict[str, Any], said: str) -> None:
    graph = Graph()
    graph.add("1", "Dynamic", **inputs)
    problems = validate(graph, Registry([TYPE]), ["1"]).problems
    assert any(said in str(problem) for problem in problems)


def test_the_same_values_in_other_places_have_another_key() -> None:
    registry = Registry([TYPE])
    keys: dict[str, bytes] = {}
    graph = Graph()
    graph.add("1", "Dynamic", **{"items.item0": 1, "items.item1": 2, "resize": "by"})
    graph.add("2", "Dynamic", **{"items.item0": 1, "others.o0": 2, "resize": "by"})
    graph.add("3", "Dynamic", **{"items.item0": 1, "items.item1": 2, "resize": "by"})
    order = validate(graph, registry, ["1", "2", "3"]).order
    Keys(Epoch()).extend(keys, order)
    assert keys["1"] != keys["2"]
    assert keys["1"] == keys["3"]
