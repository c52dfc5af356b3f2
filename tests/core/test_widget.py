"""Widgets: which values they take, and what they say about others."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight import Choice, File, Number, Seed, Text, Toggle
from safelight.core.widget import DEPTH_MAX, Free, Widget, nearest, shown

WIDGETS: list[Widget] = [
    Number(),
    Number(integer=True, min=0, max=10),
    Seed(),
    Text(),
    Toggle(),
    Choice(("a", "b")),
    File("input"),
    Free(),
]
nested: list[Any] = []
for _ in range(DEPTH_MAX + 1):
    nested = [nested]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (Number(min=0, max=1), 0),
        (Number(min=0, max=1), 1.0),
        (Number(), -1e308),
        (Number(integer=True), 2**64),
        (Seed(), 2**64 - 1),
        (Text(), ""),
        (Toggle(), False),
        (Choice(("a", "b")), "b"),
        (Choice(lambda: ["found"]), "found"),
        (File(), "sub/a.png"),
        (Free(), {"points": [[0, 0.5], None, True, "x"]}),
    ],
)
def test_a_good_value_is_taken(widget: Widget, value: Any) -> None:
    assert widget.refusal(value) is None


@pytest.mark.parametrize(
    ("widget", "value", "words"),
    [
        (Number(min=1), 0, "0 is below the minimum 1"),
        (Number(max=1), 1.5, "1.5 is above the maximum 1"),
        (Number(), nan, "nan is not a finite number"),
        (Number(), -inf, "-inf is not a finite number"),
        (Number(), 10**400, "is not a finite number"),
        pytest.param(Number(), 10**5000, "a value of type int is not a finite number", id="huge"),
        (Number(), "3", "'3' is not a number"),
        (Number(), True, "True is not a number"),
        (Number(), None, "None is not a number"),
        (Number(integer=True), 8.0, "8.0 is not a whole number"),
        (Number(integer=True), nan, "nan is not a whole number"),
        (Number(integer=True), [1], "[1] is not a whole number"),
        (Seed(), 2**64, "is above the maximum 18446744073709551615"),
        (Seed(), -1, "-1 is below the minimum 0"),
        (Text(), 3, "3 is not a text"),
        (Toggle(), 1, "1 is neither true nor false"),
        (Choice(("a", "b")), "c", "'c' is not one of its choices"),
        (Choice(("1",)), 1, "1 is not one of its choices"),
        (Choice(("a",)), ["a"], "['a'] is not one of its choices"),
        (File(), "", "'' is not the name of a file"),
        (File(), 3, "3 is not the name of a file"),
        (Free(), {"deep": [nan]}, "nan is not a finite number"),
        (Free(), {1: "x"}, "is not a value that a file can hold"),
        (Free(), object(), "is not a value that a file can hold"),
        (Free(), nested, "is nested more than 100 deep"),
    ],
)
def test_a_bad_value_is_refused_with_a_reason_and_a_remedy(widget: Widget, value: Any, words: str) -> None:
    refusal = widget.refusal(value)
    assert refusal is not None
    assert words in refusal[0]
    assert refusal[1].endswith((".", "?"))


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.integers(10**300, 10**1000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.integers(), inner, max_size=3),
    max_leaves=5,
)


@given(value=anything, widget=st.sampled_from(WIDGETS))
def test_no_value_breaks_a_widget(value: Any, widget: Widget) -> None:
    refusal = widget.refusal(value)
    assert refusal is None or all(isinstance(words, str) and words for words in refusal)


def test_a_long_value_is_cut_in_messages() -> None:
    assert len(shown("x" * 1000)) == 60


def test_the_nearest_choice_is_offered() -> None:
    assert nearest("eulr", ["heun", "euler"]) == "Did you mean 'euler'?"


def test_a_few_choices_are_listed_when_none_is_near() -> None:
    assert nearest("zzz", ["a", "b"]) == "Choose one of 'a', 'b'."
    assert nearest("zzz", [f"n{n}" for n in range(9)]).endswith("'n5', ...")


def test_an_empty_list_of_choices_says_so() -> None:
    assert nearest("a", []) == "There is nothing to choose from yet."
