"""The text nodes, called as the functions that they are."""

from __future__ import annotations

import pytest

from nodes.text.case import convert_case
from nodes.text.compare import compare
from nodes.text.concatenate import concatenate
from nodes.text.contains import contains
from nodes.text.length import length
from nodes.text.regex_extract import extract
from nodes.text.regex_match import match
from nodes.text.regex_replace import replace as regex_replace
from nodes.text.replace import replace
from nodes.text.substring import substring
from nodes.text.template import fill_template
from nodes.text.trim import trim
from safelight import BadInput


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        ("UPPERCASE", "A RED APPLE"),
        ("lowercase", "a red apple"),
        ("Capitalize", "A red apple"),
        ("Title Case", "A Red Apple"),
    ],
)
def test_case_is_changed_as_the_mode_says(mode: str, text: str) -> None:
    assert convert_case(string="a rEd apple", mode=mode) == text


@pytest.mark.parametrize(
    ("mode", "b", "same"),
    [("Starts With", "A RED", True), ("Ends With", "apple", True), ("Equal", "a red", False)],
)
def test_texts_compare_with_and_without_case(mode: str, b: str, same: bool) -> None:
    assert compare(string_a="a red APPLE", string_b=b, mode=mode, case_sensitive=False) is same
    assert compare(string_a="a red APPLE", string_b=b, mode=mode, case_sensitive=True) is False


def test_a_text_is_joined_searched_counted_and_cut() -> None:
    assert concatenate(string_a="red", string_b="apple", delimiter=" ") == "red apple"
    assert contains(string="red apple", substring="APP", case_sensitive=False)
    assert not contains(string="red apple", substring="APP", case_sensitive=True)
    assert length(string="naïve") == 5
    assert replace(string="a cat, a cat", find="cat", replace="dog") == "a dog, a dog"
    assert substring(string="red apple", start=-5, end=-1) == "appl"


@pytest.mark.parametrize(("mode", "text"), [("Both", "x"), ("Left", "x \n"), ("Right", " \tx")])
def test_trim_cuts_the_chosen_end(mode: str, text: str) -> None:
    assert trim(string=" \tx \n", mode=mode) == text


@pytest.mark.parametrize(
    ("mode", "group", "text"),
    [
        ("First Match", 1, "steps=20"),
        ("All Matches", 1, "steps\ncfg"),
        ("First Group", 2, "20"),
        ("All Groups", 2, "20\n8"),
        ("All Groups", 0, "steps=20\ncfg=8"),
        ("First Group", 3, ""),
    ],
)
def test_extract_takes_matches_or_groups(mode: str, group: int, text: str) -> None:
    given = extract(string="steps=20 cfg=8", regex_pattern=r"(\w+)=(\d+)", mode=mode, group_index=group)
    assert given == text


def test_extract_takes_whole_matches_of_a_pattern_without_groups() -> None:
    assert extract(string="a1b22", regex_pattern=r"\d+", mode="All Matches") == "1\n22"
    assert extract(string="none here", regex_pattern=r"\d+", mode="All Matches") == ""


def test_pattern_options_change_what_matches() -> None:
    lines = "Red\nblue"
    assert match(string=lines, regex_pattern="^BLUE$", multiline=True)
    assert not match(string=lines, regex_pattern="^BLUE$", multiline=True, case_insensitive=False)
    assert not match(string=lines, regex_pattern="red.blue")
    assert match(string=lines, regex_pattern="red.blue", dotall=True)


def test_regex_replace_uses_groups_and_stops_at_the_count() -> None:
    assert regex_replace(string="a1 b2", regex_pattern=r"(\w)(\d)", replace=r"\2\1") == "1a 2b"
    assert regex_replace(string="aaa", regex_pattern="a", replace="b", count=2) == "bba"


def test_a_wrong_pattern_says_what_is_wrong_with_it() -> None:
    with pytest.raises(BadInput, match="not a regular expression") as caught:
        match(string="x", regex_pattern="(unclosed")
    assert caught.value.where.input == "regex_pattern"
    with pytest.raises(BadInput, match="does not fit the pattern") as caught:
        regex_replace(string="x", regex_pattern="x", replace=r"\1")
    assert caught.value.where.input == "replace"


def test_template_is_filled_from_lines_and_from_wires() -> None:
    text = fill_template(
        template="a {colour} {a}, {{not}} { b }", values="colour: red\n\na: lost", a="apple", b=3
    )
    assert text == "a red apple, {not} 3"


def test_template_keeps_braces_of_values_and_lone_braces() -> None:
    assert fill_template(template="{a} }{ {}", a="{b}") == "{b} }{ {}"


def test_template_names_the_placeholder_that_nothing_fills() -> None:
    with pytest.raises(BadInput, match=r"nothing is given for \{animal\}") as caught:
        fill_template(template="a {animal}", values="colour: red")
    assert caught.value.where.input == "template"
    with pytest.raises(BadInput, match="has no name and value"):
        fill_template(template="{a}", values="red", a="x")
