"""The check for packs finds what is against each rule, and nothing in a node that keeps them."""

from __future__ import annotations

import random
from typing import Annotated, Any

import pytest

from safelight import Image, Number, Text, node
from safelight.core.spec import NodeSpec
from safelight.testing import breaches, check_pack

Amount = Annotated[float, Number(min=0.0, max=1.0, tip="How much.")]


def spec(function: Any) -> NodeSpec:
    return function.spec


@node("Good", category="test")
def good(image: Image, amount: Amount = 0.5) -> Image:
    """Keep the rules."""
    return image * amount


@node("Silent", category="test")
def silent(text: Annotated[str, Text()]) -> str:
    return text


@node("Greedy", category="test")
def greedy(image: Image) -> Image:
    """Change what it was given."""
    image *= 0.5
    return image.clone()


@node("Moody", category="test")
def moody(amount: Amount = 0.5) -> float:
    """Give something else each time."""
    return amount + random.random()


@node("Sad", category="test")
def sad(amount: Amount = 0.5) -> float:
    """Fail."""
    raise RuntimeError("alas")


def test_a_node_that_keeps_the_rules_has_no_breach() -> None:
    check_pack([spec(good)])


@pytest.mark.parametrize(
    ("function", "rules", "text"),
    [
        (silent, {"documented"}, "no docstring"),
        (greedy, {"inputs"}, "changed its input 'image' in place"),
        (moody, {"deterministic"}, "something else the second time"),
        (sad, {"runs"}, "alas"),
    ],
)
def test_each_rule_is_checked(function: Any, rules: set[str], text: str) -> None:
    found = list(breaches([spec(function)]))
    assert {one.rule for one in found} == rules
    assert any(text in str(one) for one in found)
    with pytest.raises(AssertionError, match=function.spec.id):
        check_pack([spec(function)])
