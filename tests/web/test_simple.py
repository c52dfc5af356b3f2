"""Simple mode: a workflow as a form with one button, for people who do not see the graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect


@pytest.fixture
def form(editor: Any) -> Any:
    """The editor with the form of the first workflow."""
    editor.page.get_by_role("button", name="Form", exact=True).click()
    editor.page.locator(".simple-row").first.wait_for()
    return editor


def group(editor: Any, name: str) -> Any:
    return editor.page.get_by_role("group", name=name, exact=True)


def test_a_wish_a_style_and_one_button_make_a_picture(form: Any) -> None:
    wish = group(form, "What do you want to see?")
    wish.get_by_role("textbox").fill("a rocket")
    wish.get_by_role("button", name="on a yellow background").click()
    group(form, "Size").get_by_role("button", name="Wide").click()
    form.page.get_by_role("switch", name="A new picture each time").click()
    form.page.get_by_role("button", name="Make it").click()
    picture = form.page.locator(".simple-result button .simple-picture")
    picture.wait_for()
    form.page.wait_for_function(
        "() => { const one = document.querySelector('.simple-result button img');"
        " return one?.complete && one.naturalWidth === 80 && one.naturalHeight === 56 }"
    )
    form.page.get_by_role("list", name="Made before").get_by_role("button").first.wait_for()
    assert form.values("3")["text"] == "a rocket on a yellow background"
    form.until(lambda: form.values("6")["seed"] != 1, "the next picture is another")
    picture.click()
    form.page.get_by_role("dialog").wait_for()


def test_a_pin_puts_an_input_into_the_form_and_the_file_keeps_it(editor: Any) -> None:
    row = editor.node("6").locator('[data-input="sampler_name"]')
    row.hover()
    row.get_by_role("button", name="Show sampler_name in the form").click()
    editor.page.get_by_role("button", name="Form", exact=True).click()
    group(editor, "sampler name").wait_for()
    told = editor.document()["rest"]["extra"]["safelight"]["form"]["fields"]
    assert told[-1] == {"node": "6", "input": "sampler_name"}
    editor.page.get_by_role("button", name="Graph", exact=True).click()
    row.click(button="right")
    editor.page.get_by_role("menuitem", name="Take out of the form: sampler_name").click()
    assert len(editor.document()["rest"]["extra"]["safelight"]["form"]["fields"]) == len(told) - 1


def test_what_keeps_a_picture_from_being_made_is_said_in_the_form(form: Any, tmp_path: Any) -> None:
    form.keys("Control+k")
    form.page.keyboard.type("switch between form")
    form.keys("Enter")
    form.page.locator("article.node").first.wait_for()
    tree = form.document()
    for node in tree["nodes"]:
        if node["id"] == "2":
            node["values"]["ckpt_name"] = "gone.safetensors"
    form.open(tree, tmp_path)
    form.keys("Control+Alt+f")
    form.page.get_by_role("button", name="Make it").click()
    form.page.locator(".simple-failure").first.wait_for()
    expect(form.page.locator(".simple-failure").first).to_contain_text("gone.safetensors")


def test_a_phone_begins_with_the_form_and_nothing_is_wider_than_it(visit: Any, address: str) -> None:
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(address)
    page.locator(".simple-row").first.wait_for()
    expect(page.get_by_role("button", name="Make it")).to_be_visible()
    # Before there is a picture, what is asked first is seen whole: nothing need be scrolled.
    expect(page.locator(".simple-row").first).to_be_in_viewport(ratio=1)
    wish, make = (page.locator(one).first.bounding_box() for one in (".simple-row", ".simple-make"))
    assert wish["y"] + wish["height"] <= make["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("document.querySelector('.simple').scrollWidth") == 390
    page.get_by_role("button", name="Graph", exact=True).click()
    page.locator(".outline-node").first.wait_for()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_run_with_nothing_to_do_says_so_and_a_picture_is_among_those_made_before_once(form: Any) -> None:
    past = form.page.get_by_role("list", name="Made before").get_by_role("button")
    wish = group(form, "What do you want to see?").get_by_role("textbox")
    said = form.page.get_by_text("it is the same as before")
    wish.fill("a pizza")
    form.page.get_by_role("button", name="Make it").click()
    form.page.locator(".simple-result button img").wait_for()
    expect(form.page.get_by_role("button", name="Make it")).to_be_visible()
    expect(said).to_have_count(0)
    first = past.first.get_attribute("aria-label")
    for _ in range(2):
        form.page.get_by_role("button", name="Make it").click()
        expect(said).to_be_visible()
    wish.fill("a sunflower")
    form.page.get_by_role("button", name="Make it").click()
    expect(past.first).not_to_have_attribute("aria-label", first)
    expect(said).to_have_count(0)
    expect(past.nth(1)).to_have_attribute("aria-label", first)
    names = [one.get_attribute("aria-label") for one in past.all()]
    assert len(names) == len(set(names))


def test_words_that_a_graph_makes_are_shown_beside_its_form(editor: Any, tmp_path: Path, graph: Any) -> None:
    nodes = (("PrimitiveStringMultiline", {"value": "a darkroom"}), ("PreviewAny", {}))
    editor.open(graph(*nodes, wires=((1, 0, 2, "source", "STRING"),)), tmp_path)
    editor.page.get_by_role("button", name="Form", exact=True).click()
    editor.page.get_by_role("button", name="Make it").click()
    expect(editor.page.locator(".simple-words")).to_have_text("a darkroom")
