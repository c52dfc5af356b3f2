"""The menu of a picture, wherever it is shown, by the right button and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

CLIPBOARD = "async () => (await navigator.clipboard.read()).flatMap((one) => one.types)"


def run_plain(editor: Any, tmp_path: Path, graph: Any, color: int) -> Any:
    """Run a graph that saves a plain picture; gives the picture on its node."""
    nodes = (("EmptyImage", {"width": 32, "height": 32, "color": color}), ("SaveImage", {}))
    editor.open(graph(*nodes, wires=((1, 0, 2, "images", "IMAGE"),)), tmp_path, f"plain{color}.json")
    editor.keys("Control+Enter")
    picture = editor.node("2").locator(".node-picture")
    picture.locator("img").wait_for()
    editor.rest()
    return picture


def test_a_picture_is_copied_saved_and_taken_as_an_input_from_its_menu(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    picture = run_plain(editor, tmp_path, graph, 333)
    name = picture.get_attribute("title")
    page, menu = editor.page, editor.page.get_by_role("menu")
    picture.click(button="right")
    menu.get_by_role("menuitem", name="Copy the picture").click()
    page.get_by_text("The picture is copied").wait_for()
    assert page.evaluate(CLIPBOARD) == ["image/png"]
    picture.click(button="right")
    with page.expect_download() as saved:
        menu.get_by_role("menuitem", name="Save as a file").click()
    assert saved.value.suggested_filename == name
    # By keyboard, from the menu of the node: its picture's menu is one step further.
    editor.pick("2")
    editor.keys("Shift+F10", "Enter")
    expect(menu.get_by_role("menuitem", name="Open in the viewer")).to_be_focused()
    menu.get_by_role("menuitem", name="Use it as an input").click()
    assert editor.values("3") == {"image": f"{name} [output]"}
    expect(editor.node("3").locator(".node-picture")).to_have_attribute("title", name)
    editor.keys("Shift+Enter")
    expect(editor.node("3").locator("article")).to_have_attribute("data-phase", re.compile("done|cached"))


def test_a_picture_of_the_gallery_is_held_against_the_one_that_was_looked_at(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    names = [run_plain(editor, tmp_path, graph, color).get_attribute("title") for color in (444, 555)]
    page, menu, viewer = editor.page, editor.page.get_by_role("menu"), editor.page.locator(".viewer")
    editor.keys("g")
    first, second = (page.locator(f'.past-picture[aria-label$="{name}"]') for name in names)
    second.focus()
    editor.keys("Shift+F10")
    expect(menu.get_by_role("menuitem", name="Compare with")).to_be_disabled()
    editor.keys("Escape")
    expect(second).to_be_focused()
    first.click()
    expect(viewer).to_have_attribute("aria-label", names[0])
    editor.keys("Escape")
    second.click(button="right")
    menu.get_by_role("menuitem", name=f"Compare with {names[0]}").click()
    expect(viewer.locator(".viewer-stage img")).to_have_count(2)
    # In the viewer too; what it leads to closes it.
    editor.keys("Shift+F10")
    menu.get_by_role("menuitem", name="Paint a mask on it").click()
    expect(viewer).to_have_count(0)
    page.get_by_role("dialog", name="Paint a mask").wait_for()
    editor.keys("Escape")


def test_a_picture_has_its_menu_in_the_list_and_on_a_box_from_afar(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    name = run_plain(editor, tmp_path, graph, 666).get_attribute("title")
    page, menu = editor.page, editor.page.get_by_role("menu")
    viewer = page.locator(".viewer")
    editor.keys("l")
    shown = page.locator(".outline-view")
    shown.click(button="right")
    menu.get_by_role("menuitem", name="Open in the viewer").click()
    expect(viewer).to_have_attribute("aria-label", name)
    editor.keys("Escape")
    shown.click()
    expect(viewer).to_have_attribute("aria-label", name)
    editor.keys("Escape", "l")
    box = editor.node("2").locator(".node-picture").bounding_box()
    # Zoomed out around the picture, it stays under the pointer, where now a box is drawn.
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(8):
        page.mouse.wheel(0, 300)
    expect(page.locator("canvas.far")).to_be_visible()
    editor.rest()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, button="right")
    menu.get_by_role("menuitem", name="Open in the viewer").click()
    expect(viewer).to_have_attribute("aria-label", name)
