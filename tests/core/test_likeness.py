"""A body that gives something else than it declares is refused where it is, not three nodes later."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

from safelight import Conditioning, Graph, Image, Latent, Many, Mask, node
from safelight.core.engine import Engine
from safelight.core.spec import NodeSpec, OutputSpec


def result(make_engine: Any, type: Any, value: Any) -> Any:
    @node("Odd", category="test")
    def odd() -> type:
        return value

    engine: Engine = make_engine(odd)
    graph = Graph()
    graph.add("1", "Odd")
    return engine.run(graph, ["1"])


@pytest.mark.parametrize(
    ("type", "value", "text"),
    [
        (
            Image,
            None,
            "is declared IMAGE, which is a tensor [batch, height, width, channels], but it gave None",
        ),
        (Image, numpy.zeros((4, 4, 3)), "but it gave a ndarray of shape (4, 4, 3)"),
        (Mask, "black", "a tensor [batch, height, width], but it gave 'black'"),
        (Latent, [1], "a dictionary with 'samples', but it gave [1]"),
        (Conditioning, {}, "a list, but it gave {}"),
        (int, 1.5, "a whole number, but it gave 1.5"),
        (int, True, "a whole number, but it gave True"),
        (float, "1", "a number, but it gave '1'"),
        (str, 3, "a text, but it gave 3"),
        (bool, 1, "true or false, but it gave 1"),
    ],
)
def test_what_is_not_of_the_declared_type_is_refused_by_name(
    make_engine: Any, type: Any, value: Any, text: str
) -> None:
    error = str(result(make_engine, type, value).error)
    assert error.startswith("node '1' (Odd): its output is declared")
    assert text in error


@pytest.mark.parametrize(
    ("type", "value"),
    [(Image, numpy.zeros((1, 4, 4, 3))), (float, 1), (str, ""), (Latent, {"samples": 1}), (Any, object())],
)
def test_what_is_of_it_is_taken(make_engine: Any, type: Any, value: Any) -> None:
    assert result(make_engine, type, value).error is None


def test_items_of_a_stream_are_not_looked_at(make_engine: Any) -> None:
    assert result(make_engine, Many[int], [1, 2]).error is None


def test_packs_for_comfyui_may_be_laxer() -> None:
    assert NodeSpec("Lax", lambda: 1, outputs=(OutputSpec("", "IMAGE"),)).checks == ()
