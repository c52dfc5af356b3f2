"""Nodes whose values come by letters: formulas, filled-in texts, and yes or no of several."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from nodes.text.format import format_text
from nodes.utilities.formula import Formula, FormulaError
from nodes.utilities.logic.both import both
from nodes.utilities.logic.either import either
from nodes.utilities.math import evaluate
from safelight import BadInput


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a + b * 2", 12),
        ("(a + b) * 2 - -1", 15),
        ("b ** a // 3", 8),
        ("b % 3 if a < b <= 5 else 0", 2),
        ("max(values) - min(a, b)", 3),
        ("round(sqrt(a) * 100) / 100", 1.41),
        ("sum(values) + sum(1, 2) + floor(pi)", 13),
        ("not a or b and 3", 3),
        ("a == 2 and b != 2", 1),
        ("1 << a | 1 ^ 3 & ~0", 6),
        ("a +\n  b", 7),
        ("2 ** 0.5 * 2 ** 0.5 > 2", 1),
    ],
)
def test_a_formula_is_calculated(text: str, number: float) -> None:
    assert Formula(text)({"a": 2, "b": 5}) == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a.real", "is not arithmetic"),
        ("().__class__", "is not arithmetic"),
        ("values[0]", "is not arithmetic"),
        ("[1 for _ in values]", "is not arithmetic"),
        ("__import__('os')", "is not arithmetic"),
        ("open(1)", "no function open"),
        ("max(values, key=abs)", "is not arithmetic"),
        ("z", "no value called z"),
        ("9 ** 9 ** 9", "too large"),
        ("pow(9, 999999999)", "too large"),
        ("1 << 99999999", "too far"),
        ("a is b", "compares in a way"),
        ("values", "is not a number"),
        ("(-1) ** 0.5", "is not a number"),
        ("1e308 * 10", "not a finite number"),
        ("a +", "is no expression"),
        ("", "is no expression"),
        ("(" * 5000, "is no expression"),
        ("+" * 9000 + "a", "."),
        ("a" * 10_001, "too long"),
    ],
)
def test_what_is_no_arithmetic_is_refused(text: str, problem: str) -> None:
    with pytest.raises(FormulaError, match=problem):
        Formula(text)({"a": 2, "b": 5})


def test_a_result_comes_in_three_kinds() -> None:
    assert evaluate(expression="a / b", values={"a": 7, "b": 2}) == (3.5, 3, True)
    assert evaluate(expression="a - a", values={"a": True}) == (0.0, 0, False)
    with pytest.raises(BadInput, match="division by zero"):
        evaluate(expression="1 / a", values={"a": 0})
    with pytest.raises(BadInput, match="cannot be calculated"):
        evaluate(expression="2 ** 5000 * 1", values={"a": 0})


def test_values_are_put_into_a_text() -> None:
    assert format_text(values={"a": 0.5, "b": "cat"}, f_string="{b}: {a:.2f} {{a}}") == "cat: 0.50 {a}"
    assert format_text(values={"a": 7}, f_string="{a:04d}/{a!r}") == "0007/7"
    assert format_text(values={}, f_string="plain") == "plain"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{c}", "has no value"),
        ("{}", "has no value"),
        ("{a.__class__}", "no plain name"),
        ("{a[0]}", "no plain name"),
        ("{a:999999999}", "too wide"),
        ("{a:{a}}", "cannot be filled in|too wide"),
        ("{a", "cannot be filled in"),
        ("{a:q}", "cannot be filled in"),
    ],
)
def test_a_text_that_cannot_be_filled_in_is_refused(text: str, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        format_text(values={"a": 5000.5}, f_string=text)


@pytest.mark.parametrize(
    ("values", "all_", "any_"),
    [((True, 1, "x"), True, True), ((True, 0), False, True), ((None, "", 0.0), False, False)],
)
def test_several_values_are_yes_together(values: tuple[Any, ...], all_: bool, any_: bool) -> None:
    named = {f"value{number}": value for number, value in enumerate(values)}
    assert (both(values=named), either(values=named)) == (all_, any_)


def test_a_picture_is_neither_yes_nor_no() -> None:
    with pytest.raises(BadInput, match="neither yes nor no"):
        both(values={"value0": torch.zeros(2)})
