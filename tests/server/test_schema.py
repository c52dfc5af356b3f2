from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pytest

from server.answer import Refused
from server.schema import Means, parameters, read, schema


@dataclass(frozen=True)
class Inner:
    """Inside."""

    size: int


@dataclass(frozen=True)
class Outer:
    """Outside."""

    name: Annotated[str, Means("What it is called.", maxLength=5)]
    mode: Literal["a", "b"] = "a"
    seconds: Annotated[float, Means("How long.", minimum=0, maximum=9)] = 1.0
    sizes: list[int] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    inner: Inner | None = None
    flag: bool = False


def test_a_dataclass_is_published_with_its_limits_and_meanings() -> None:
    known: dict[str, Any] = {}
    assert schema(Outer, known) == {"$ref": "#/components/schemas/Outer"}
    tree = known["Outer"]
    assert tree["required"] == ["name"]
    assert tree["properties"]["name"] == {
        "type": "string",
        "description": "What it is called.",
        "maxLength": 5,
    }
    assert tree["properties"]["inner"] == {
        "anyOf": [{"$ref": "#/components/schemas/Inner"}, {"type": "null"}]
    }
    assert tree["properties"]["mode"] == {"enum": ["a", "b"]}
    assert known["Inner"]["required"] == ["size"]


def test_a_dataclass_can_stand_behind_a_question_mark() -> None:
    first = parameters(Outer)[0]
    assert (first["name"], first["required"], first["schema"]["maxLength"]) == ("name", True, 5)


def test_what_fits_is_read() -> None:
    assert read(Outer, {"name": "x", "seconds": 2, "sizes": [1]}) == Outer("x", seconds=2, sizes=[1])


@pytest.mark.parametrize(
    ("tree", "word"),
    [
        ([], "object"),
        ({}, "lacks 'name'"),
        ({"name": 5}, "Send a text"),
        ({"name": "toolong"}, "too long"),
        ({"name": "x", "nam": 1}, "'nam'"),
        ({"name": "x", "mode": "c"}, "'a', 'b'"),
        ({"name": "x", "seconds": -1}, "from 0 to 9"),
        ({"name": "x", "seconds": float("nan")}, "a number"),
        ({"name": "x", "seconds": True}, "a number"),
        ({"name": "x", "sizes": [1.5]}, "a list"),
        ({"name": "x", "sizes": [True]}, "a list"),
        ({"name": "x", "more": []}, "an object"),
        ({"name": "x", "flag": 1}, "true or false"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(tree: Any, word: str) -> None:
    with pytest.raises(Refused) as caught:
        read(Outer, tree)
    assert word in f"{caught.value.message} {caught.value.details}"
