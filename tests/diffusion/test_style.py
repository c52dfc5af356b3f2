"""Style packs: those that ship, and what can be wrong with others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safelight.diffusion import style
from safelight.diffusion.style import Style, StyleError


def pack(path: Path, *entries: object) -> Path:
    path.write_text(json.dumps({"styles": entries}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("template", "prompt", "expected"),
    [
        ("oil painting of {prompt}, thick", " a cat ", "oil painting of a cat, thick"),
        ("oil painting of {prompt}, thick", "", "oil painting, thick"),
        ("thick paint", "a {red|blue} cat", "a {red|blue} cat, thick paint"),
        ("{prompt}", "a cat", "a cat"),
        ("{prompt}, thick", " ", "thick"),
        ("{prompt} and {prompt}", "x", "x and x"),
    ],
)
def test_a_prompt_takes_its_place_in_the_template(template: str, prompt: str, expected: str) -> None:
    assert Style("a", template).applied(prompt)[0] == expected


def test_negatives_are_joined() -> None:
    one = Style("a", "{prompt}", negative="blurry")
    assert one.applied("x", "text,")[1] == "text, blurry"
    assert one.applied("x", " ")[1] == "blurry"
    assert Style("a", "{prompt}").applied("x", "")[1] == ""


def test_a_pack_is_read(tmp_path: Path) -> None:
    entry = {
        "name": "A",
        "description": "It is A.",
        "prompt": "A of {prompt}",
        "loras": [{"name": "a.safetensors", "strength": 0.5}, {"name": "b.safetensors"}],
        "settings": {"cfg": 5, "steps": 20},
    }
    read = style.one(pack(tmp_path / "a.json", entry), "A")
    assert read.loras == (("a.safetensors", 0.5), ("b.safetensors", 1.0))
    assert read.settings == {"cfg": 5.0, "steps": 20}
    assert read.advice.splitlines() == [
        "It is A.",
        "LoRA a.safetensors at 0.5",
        "LoRA b.safetensors at 1",
        "cfg 5.0",
        "steps 20",
    ]


def test_a_bare_list_of_another_program_is_a_pack(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"name": "A", "prompt": "{prompt}, a", "negative_prompt": "b"}, {"name": "B"}]')
    assert style.read(path)["A"].applied("x") == ("x, a", "b")
    assert style.read(path)["B"].applied("x") == ("x", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        ("{}", "no style pack"),
        ('{"styles": [1]}', "Style 1 of a.json is not understood"),
        ('[{"name": "A"}, {"prompt": "x"}]', "Style 2 .*'name' is not a text"),
        ('[{"name": "A", "prompt": 1}]', "'prompt' is not a text"),
        ('[{"name": "A", "loras": [{}]}]', "KeyError: 'name'"),
        ('[{"name": "A", "settings": {"stepz": 1}}]', "no setting 'stepz'"),
        ('[{"name": "A", "settings": {"steps": "many"}}]', "many"),
    ],
)
def test_what_is_wrong_with_a_pack_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(StyleError, match=said):
        style.read(path)


def test_a_missing_style_is_said(tmp_path: Path) -> None:
    with pytest.raises(StyleError, match=r"no style called 'B'.*It has A"):
        style.one(pack(tmp_path / "a.json", {"name": "A"}), "B")
    with pytest.raises(StyleError, match="no style pack at"):
        style.read(tmp_path / "none.json")


def test_own_styles_go_before_shipped_ones_and_broken_packs_are_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = pack(tmp_path / "own.json", {"name": "Anime"}, {"name": "Mine"})
    (tmp_path / "broken.json").write_text("{")
    names = style.found(tmp_path)
    assert names["Anime"] == names["Mine"] == own
    assert names["Oil painting"].parent == style.SHIPPED
    assert "broken.json cannot be read" in caplog.text


def test_the_shipped_styles_explain_themselves() -> None:
    shipped = [one for path in style.SHIPPED.glob("*.json") for one in style.read(path).values()]
    assert len(shipped) >= 12
    for one in shipped:
        assert style.PLACE in one.prompt, one.name
        assert one.negative, one.name
        assert one.description.endswith("."), one.name
        assert {"cfg", "steps"} <= set(one.settings), one.name
        assert one.applied("")[0], one.name
