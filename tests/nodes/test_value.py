"""The nodes that hold, convert, save and write values."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from nodes.image.compare import compare
from nodes.image.transform.crop_region import crop_region
from nodes.text.from_array import from_array
from nodes.text.from_dictionary import from_dictionary
from nodes.text.from_json import from_json
from nodes.text.lowercase import lowercase
from nodes.text.merge_lists import merge_lists
from nodes.text.overlay import overlay
from nodes.text.prefix import prefix
from nodes.text.replace_plain import replace_plain
from nodes.text.save import save
from nodes.text.strip import strip
from nodes.text.suffix import suffix
from nodes.text.truncate import truncate
from nodes.text.uppercase import uppercase
from nodes.utilities.color import color
from nodes.utilities.logic.negate import negate
from nodes.utilities.number import convert
from nodes.utilities.primitive.bounding_box import bounding_box
from nodes.utilities.resolution import resolution
from nodes.utilities.seed import seed
from safelight import BadInput, Context, Many


@pytest.mark.parametrize(
    ("value", "real", "whole"),
    [
        (3, 3.0, 3),
        (-2.9, -2.9, -2),
        (True, 1.0, 1),
        ("1e2", 100.0, 100),
        (" 7 ", 7.0, 7),
        (2**53 + 1, float(2**53), 2**53 + 1),
        (str(2**64 - 1), float(2**64), 2**64 - 1),
    ],
)
def test_numbers_are_converted_exactly(value: float | str | bool, real: float, whole: int) -> None:
    assert convert(value=value) == (real, whole)


@pytest.mark.parametrize("value", ["", "one", "inf", "nan", float("inf")])
def test_what_is_no_number_is_refused(value: float | str) -> None:
    with pytest.raises(BadInput, match="cannot be converted"):
        convert(value=value)


@pytest.mark.parametrize(
    ("value", "other"), [(True, False), (0, True), ("", True), ("no", False), (None, True)]
)
def test_yes_becomes_no(value: object, other: bool) -> None:
    assert negate(value=value) is other


@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        ("1:1 (Square)", (1024, 1024)),
        ("16:9 (Widescreen)", (1368, 768)),
        ("9:16 (Portrait Widescreen)", (768, 1368)),
    ],
)
def test_a_resolution_follows_from_proportions(ratio: str, size: tuple[int, int]) -> None:
    assert resolution(aspect_ratio=ratio) == size
    wide = resolution(aspect_ratio=ratio, multiple=64)
    assert (wide.width % 64, wide.height % 64) == (0, 0)


def test_values_are_held() -> None:
    assert seed(seed=2**63 - 1) == 2**63 - 1
    assert color(color="#ff8000") == (0xFF8000, "#ff8000", 1.0)
    box = bounding_box(x=1, y=0, width=2, height=9)
    image = torch.arange(12.0).reshape(1, 3, 4, 1).repeat(1, 1, 1, 3)
    assert crop_region(image=image, crop_region=box).equal(image[:, :, 1:3])


@pytest.mark.parametrize("box", [{}, {"x": -1, "y": 0, "width": 1, "height": 1}, [1, 2]])
def test_what_is_no_rectangle_is_refused(box: object) -> None:
    with pytest.raises(BadInput, match="rectangle"):
        crop_region(image=torch.zeros(1, 3, 4, 3), crop_region=box)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": "b"}', "b"),
        ('{"a": 1.5}', "1.5"),
        ('{"a": null}', ""),
        ("[1]", ""),
        ("{", ""),
        ('{"b": 1}', ""),
    ],
)
def test_a_field_is_taken_out_of_json(text: str, found: str) -> None:
    assert from_json(json_string=text, key="a") == found


def test_values_are_written_as_json() -> None:
    assert from_array(array=[1, "ä"], indent=0) == '[1, "ä"]'
    assert from_dictionary(dictionary={"a": 1}) == '{\n  "a": 1\n}'


def test_texts_are_changed() -> None:
    assert prefix(texts="b", prefix="a") == "ab"
    assert suffix(texts="b", suffix="c") == "bc"
    assert replace_plain(texts="aXbX", find="X", replace="-") == "a-b-"
    assert replace_plain(texts="ab", find="", replace="-") == "ab"
    assert strip(texts=" a \n") == "a"
    assert (lowercase(texts="Ab"), uppercase(texts="Ab")) == ("ab", "AB")
    assert truncate(texts="abc", max_length=2) == "ab"
    assert list(merge_lists(texts=Many(["a", "b"]))) == ["a", "b"]


def test_a_text_is_saved(tmp_path: Path) -> None:
    ctx = Context.plain(tmp_path)
    assert save(ctx, text="ä\n", filename_prefix="notes/a", format="md") == "ä\n"
    assert (tmp_path / "output/notes/a_00001_.md").read_text(encoding="utf-8") == "ä\n"
    assert ctx.shown["text"] == ["ä\n"]


def test_pictures_are_shown_side_by_side(tmp_path: Path) -> None:
    ctx = Context.plain(tmp_path)
    compare(ctx, image_a=torch.zeros(2, 3, 4, 3), image_b=torch.ones(1, 3, 4, 3))
    assert [len(ctx.shown[name]) for name in ("a_images", "b_images")] == [2, 1]
    compare(ctx)


def test_text_is_drawn() -> None:
    grey = torch.full((1, 64, 64, 3), 0.5)
    assert not overlay(images=grey, text="Hi", font_size=20.0).equal(grey)
    assert overlay(images=grey).equal(grey)
