"""Texts that are refused before anything is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from safelight.compat import refusals
from safelight.core.folder import Folders
from safelight.core.graph import Graph


def problems(type: str, **inputs: object) -> list[str]:
    graph = Graph()
    graph.add("7", type, title="Mine", **inputs)
    return list(map(str, refusals(graph, Folders(Path("data")), ["7"])))


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("../../evil", "leads out of its folder"),
        ("..\\evil", "leads out of its folder"),
        ("/etc/evil", "leads out of its folder"),
        ("C:evil", "leads out of its folder"),
        ("a\0b", "leads out of its folder"),
        ("", "is empty"),
        ("x" * 201, "is too long"),
        ("x" * 5000, "is too long"),
        ("\udcff", "holds half a character"),
    ],
)
def test_a_prefix_that_names_no_file_below_the_folder_is_refused(prefix: str, told: str) -> None:
    (problem,) = problems("SaveImage", filename_prefix=prefix)
    assert problem.startswith("node '7' (SaveImage, 'Mine'), input 'filename_prefix': ")
    assert told in problem


@pytest.mark.parametrize("prefix", ["art", "a/b", "a\\b", "%date:yyyy-MM-dd%/%width%", "x" * 200, "..a"])
def test_an_ordinary_prefix_is_not(prefix: str) -> None:
    assert problems("SaveImage", filename_prefix=prefix) == []


@pytest.mark.parametrize("value", ["\ud800 x", ["plain", {"deep": "\udfff"}], {"\ud800": 1}])
def test_half_a_character_is_refused_wherever_it_stands(value: object) -> None:
    (problem,) = problems("CLIPTextEncode", text=value)
    assert "input 'text'" in problem
    assert "holds half a character" in problem
    problem.encode()


def test_whole_characters_are_not() -> None:
    assert problems("CLIPTextEncode", text="a \U0001f98a, \u00e9", other=5) == []
