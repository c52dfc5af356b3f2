"""Weights, nesting and escapes of the prompt language."""

import pytest

from safelight.diffusion.prompt import parse, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a cat", [("a cat", 1.0)]),
        ("a (cat) here", [("a ", 1.0), ("cat", 1.1), (" here", 1.0)]),
        ("(cat:1.3)", [("cat", 1.3)]),
        ("(cat:0)", [("cat", 0.0)]),
        ("(a cat:-0.5)", [("a cat", -0.5)]),
        ("((cat))", [("cat", 1.1 * 1.1)]),
        ("(a (cat:2) b:3)", [("a ", 3.0), ("cat", 2.0), (" b", 3.0)]),
        ("((cat):1.5)", [("cat", 1.5 * 1.1)]),
        ("(cat:dog)", [("cat:dog", 1.1)]),
        ("(cat:nan)", [("cat:nan", 1.1)]),
        ("(:1.2)", [(":1.2", 1.1)]),
        ("time 12:30", [("time 12:30", 1.0)]),
        (r"\(cat\)", [("(cat)", 1.0)]),
        (r"(a \(b\):1.2)", [("a (b)", 1.2)]),
        ("(unclosed", [("(unclosed", 1.0)]),
        ("closed) and (more)", [("closed) and (more)", 1.0)]),
        ("[cat] {dog}", [("[cat] {dog}", 1.0)]),
    ],
)
def test_a_prompt_is_read_as_in_comfyui(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(run.text, pytest.approx(run.weight)) for run in parse(text)] == expected


def test_an_embedding_begins_a_piece_of_its_own() -> None:
    assert words("a embedding:b c\nembedding:d") == ["a", "embedding:b c", "embedding:d"]
    assert words("embedding:b") == ["embedding:b"]
    assert words("an.embedding:b") == ["an.embedding:b"]
