"""Switch, preview and the values that nodes hold."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from nodes.utilities.logic.switch import switch
from nodes.utilities.preview_any import preview_any
from nodes.utilities.primitive.integer import integer
from nodes.utilities.primitive.text_multiline import text_multiline
from nodes.utilities.range import number_range
from safelight import Context, Lazy


class NeverAsked(Lazy[Any]):
    """A branch that fails the test when it is computed."""

    def __init__(self) -> None:
        super().__init__(None)

    def __await__(self) -> Generator[Any, Any, Any]:
        raise AssertionError("the other branch was computed")


@pytest.mark.parametrize("choice", [True, False])
def test_switch_computes_one_side_only(choice: bool) -> None:
    sides = {"on_true": Lazy.of("yes"), "on_false": NeverAsked()}
    if not choice:
        sides = {"on_true": NeverAsked(), "on_false": Lazy.of("no")}
    assert asyncio.run(switch(switch=choice, **sides)) == ("yes" if choice else "no")


@pytest.mark.parametrize(
    ("value", "text"),
    [("as it is", "as it is"), (0.5, "0.5"), ({"a": [1]}, '{\n    "a": [\n        1\n    ]\n}')],
)
def test_preview_shows_a_value_as_text(tmp_path: Path, value: object, text: str) -> None:
    ctx = Context.plain(tmp_path)
    assert preview_any(ctx, source=value) == text
    assert ctx.shown == {"text": [text]}


def test_preview_shows_what_json_cannot_say(tmp_path: Path) -> None:
    assert preview_any(Context.plain(tmp_path), source={1, 2}) == "{1, 2}"


def test_primitives_pass_their_value_on() -> None:
    assert integer(value=2**63 - 1) == 9223372036854775807
    assert text_multiline(value="a\nb") == "a\nb"


def test_numbers_go_from_one_to_another() -> None:
    assert list(number_range(first=1, last=3, count=3)) == [1.0, 2.0, 3.0]
    assert list(number_range(first=1, last=3, count=1)) == [1.0]
    assert list(number_range(count=4, there_and_back=True)) == [0.0, 0.5, 1.0, 0.5]
    smooth = list(number_range(count=5, pace="smooth"))
    assert smooth == [0.0, 0.15625, 0.5, 0.84375, 1.0]
