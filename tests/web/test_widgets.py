"""Values entered on nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

LARGEST = {"$int": "18446744073709551615"}


def spin(editor: Any, name: str) -> Any:
    return editor.page.get_by_role("spinbutton", name=name, exact=True)


def enter(editor: Any, name: str, words: str) -> None:
    spin(editor, name).click()
    editor.page.keyboard.type(words)
    editor.keys("Enter")


def test_a_number_is_typed_as_a_sum_dragged_stepped_and_reset(editor: Any) -> None:
    enter(editor, "steps", "8*2+1")
    assert editor.values("6")["steps"] == 17
    box = spin(editor, "steps").bounding_box()
    editor.drag((box["x"] + 50, box["y"] + 8), (box["x"] + 80, box["y"] + 8))
    assert editor.values("6")["steps"] == 23
    editor.keys("Control+z")
    assert editor.values("6")["steps"] == 17
    spin(editor, "steps").focus()
    editor.keys("ArrowUp", "Shift+ArrowUp")
    assert editor.values("6")["steps"] == 28
    spin(editor, "steps").dblclick()
    assert "steps" not in editor.values("6")
    expect(spin(editor, "steps")).to_have_attribute("aria-valuetext", "20")


def test_a_command_given_while_a_number_is_typed_finds_that_number(editor: Any) -> None:
    spin(editor, "steps").click()
    editor.page.keyboard.type("13")
    editor.keys("Control+k")
    expect(editor.page.get_by_role("dialog")).to_be_visible()
    editor.keys("Escape")
    assert editor.values("6")["steps"] == 13


def test_a_number_keeps_to_its_range_and_nonsense_changes_nothing(editor: Any) -> None:
    enter(editor, "cfg", "1000")
    assert editor.values("6")["cfg"] == 100
    enter(editor, "cfg", "two")
    assert editor.values("6")["cfg"] == 100


def test_a_seed_of_64_bits_is_exact(editor: Any) -> None:
    enter(editor, "seed", "18446744073709551615")
    assert editor.values("6")["seed"] == LARGEST
    expect(spin(editor, "seed")).to_have_attribute("aria-valuetext", LARGEST["$int"])


def test_a_seed_is_drawn_anew_and_what_follows_a_run_is_chosen(editor: Any) -> None:
    editor.page.get_by_role("button", name="New random number").click()
    assert editor.values("6")["seed"] != 1
    editor.page.get_by_label("seed: What happens").select_option("increment")
    (node,) = (one for one in editor.document()["nodes"] if one["id"] == "6")
    assert node["controls"] == {"seed": "increment"}


def test_a_choice_is_searched_and_chosen_by_keys(editor: Any) -> None:
    editor.page.get_by_role("combobox", name="sampler_name").click()
    editor.page.keyboard.type("2m sde heun")
    editor.keys("Enter")
    assert editor.values("6")["sampler_name"] == "dpmpp_2m_sde_heun"
    editor.keys("ArrowDown")
    assert editor.values("6")["sampler_name"] == "dpmpp_2m_sde_heun_gpu"


def test_a_text_grows_while_it_is_written_and_nothing_moves(editor: Any) -> None:
    field = editor.node("3").get_by_role("textbox", name="text")
    before = editor.node("4").bounding_box()
    field.click()
    low = field.bounding_box()["height"]
    field.fill("\n".join(["a fox in the snow"] * 9))
    assert field.bounding_box()["height"] > low
    assert editor.node("4").bounding_box() == before
    editor.keys("Escape")
    assert field.bounding_box()["height"] == low
    assert editor.values("3")["text"].count("fox") == 9
    editor.keys("Control+z")
    assert editor.values("3")["text"] == "a red apple on a blue background"


def test_a_picture_is_brought_and_chosen(editor: Any, tmp_path: Path, graph: Any) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), "teal").save(tmp_path / "sea.png")
    editor.open(graph(("LoadImage", {})), tmp_path)
    with editor.page.expect_file_chooser() as chooser:
        editor.page.get_by_role("button", name="image: Choose a file").click()
    chooser.value.set_files(tmp_path / "sea.png")
    editor.page.get_by_role("img", name="sea.png").wait_for()
    assert editor.values("1")["image"] == "sea.png"


def test_advanced_inputs_are_shown_when_asked_for(editor: Any, tmp_path: Path, graph: Any) -> None:
    editor.open(graph(("VAEDecodeTiled", {})), tmp_path)
    editor.page.locator("article.node").wait_for()
    before = editor.page.locator(".widget").count()
    editor.page.locator(".node-more").click()
    assert editor.page.locator(".widget").count() > before


def test_a_note_is_written_and_shown_as_markdown(editor: Any) -> None:
    editor.page.locator(".note").dblclick()
    editor.page.locator(".note-field").fill("# Hello\n\n**bold**")
    editor.page.locator(".note-field").blur()
    expect(editor.page.locator(".note strong")).to_have_text("bold")
    assert editor.values("1")["text"] == "# Hello\n\n**bold**"
