"""Nodes: added, chosen, moved, copied, framed, put in order, found."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import expect


def ids(editor: Any) -> list[str]:
    return [node["id"] for node in editor.document()["nodes"]]


def place(editor: Any, id: str) -> list[float]:
    (node,) = (one for one in editor.document()["nodes"] if one["id"] == id)
    return node["pos"]


def test_a_double_click_adds_a_node_by_its_name_its_alias_or_its_category(editor: Any) -> None:
    for words, type in (("ksam", "KSampler"), ("prompt", "CLIPTextEncode"), ("upscaling by", "ImageScaleBy")):
        editor.page.mouse.dblclick(1000, 760)
        editor.page.keyboard.type(words)
        editor.keys("Enter")
        assert editor.document()["nodes"][-1]["type"] == type
        editor.keys("Delete")


def test_tab_searches_too_and_escape_leaves_everything_as_it_was(editor: Any) -> None:
    before = ids(editor)
    editor.keys("Tab")
    editor.page.get_by_role("dialog", name="Add a node").wait_for()
    editor.keys("Escape")
    expect(editor.page.get_by_role("dialog")).to_have_count(0)
    assert ids(editor) == before


def test_nodes_are_moved_and_undo_and_redo_are_exact(editor: Any) -> None:
    before = editor.document()
    head = editor.head("5")
    editor.drag((head["x"] + 80, head["y"] + 10), (head["x"] + 180, head["y"] + 70))
    moved = editor.document()
    assert place(editor, "5") != next(one["pos"] for one in before["nodes"] if one["id"] == "5")
    editor.keys("Control+z")
    assert editor.document() == before
    editor.keys("Control+Shift+z")
    assert editor.document() == moved


def test_a_frame_carries_its_nodes(editor: Any) -> None:
    before = {id: place(editor, id) for id in ("3", "4", "6")}
    editor.rest()
    head = editor.page.locator(".frame-head").bounding_box()
    editor.drag((head["x"] + 90, head["y"] + 12), (head["x"] + 90, head["y"] + 82))
    by = place(editor, "3")[1] - before["3"][1]
    assert by > 50
    assert place(editor, "4")[1] - before["4"][1] == by
    assert place(editor, "6") == before["6"]


def test_chosen_nodes_are_framed_coloured_muted_bypassed_collapsed_and_pinned(editor: Any) -> None:
    editor.pick("6")
    editor.pick("7", many=True)
    editor.keys("Control+g")
    assert len(editor.document()["groups"]) == 2
    editor.keys("Control+z")
    editor.pick("6")
    editor.keys("Control+m")
    expect(editor.node("6").get_by_text("Mute")).to_be_visible()
    editor.keys("Control+b", "Alt+c", "p")
    (node,) = (one for one in editor.document()["nodes"] if one["id"] == "6")
    assert node["mode"] == "bypassed"
    assert node["flags"] == {"collapsed": True, "pinned": True}
    editor.node("6").locator(".node-title").click(button="right")
    editor.page.get_by_role("menuitem", name="Teal").click()
    (node,) = (one for one in editor.document()["nodes"] if one["id"] == "6")
    assert node["color"] == "#3c8a86"


def test_a_copy_is_json_text_that_another_window_takes(editor: Any) -> None:
    editor.pick("6")
    editor.pick("7", many=True)
    editor.keys("Control+c")
    copied = json.loads(editor.page.evaluate("navigator.clipboard.readText()"))
    assert [node["type"] for node in copied["nodes"]] == ["KSampler", "VAEDecode"]
    other = editor.page.context.new_page()
    other.goto(editor.page.url)
    other.wait_for_function("() => document.querySelectorAll('article.node').length >= 8")
    other.mouse.move(500, 740)
    other.keyboard.press("Control+v")
    other.wait_for_function("() => document.querySelectorAll('article.node').length >= 10")
    assert "9.0 > 10.samples" in type(editor)(other).wires()


def test_pasting_with_shift_lays_the_outside_wires_again(editor: Any) -> None:
    editor.pick("7")
    editor.keys("Control+c")
    editor.page.mouse.move(900, 720)
    editor.keys("Control+Shift+v")
    editor.page.wait_for_function("() => document.querySelectorAll('article.node').length == 9")
    assert {"6.0 > 9.samples", "2.2 > 9.vae"} <= editor.wires()


def test_a_frame_that_is_chosen_covers_no_node(editor: Any) -> None:
    frame = editor.page.locator(".react-flow__node:has(.frame)")
    frame.locator(".frame-head").click()
    expect(frame.locator(".frame[data-selected]")).to_have_count(1)
    depth = "(one) => Number(getComputedStyle(one).zIndex)"
    assert frame.evaluate(depth) < editor.node("8").evaluate(depth)


def test_alt_drag_leaves_a_copy_behind(editor: Any) -> None:
    head = editor.head("5")
    was = place(editor, "5")
    editor.page.keyboard.down("Alt")
    editor.drag((head["x"] + 80, head["y"] + 10), (head["x"] + 260, head["y"] + 90))
    editor.page.keyboard.up("Alt")
    assert ids(editor)[-1] == "9"
    assert place(editor, "5") == was
    assert place(editor, "9") != was
    assert "5.0 > 6.latent_image" in editor.wires()
    assert editor.page.locator("article[data-selected]").count() == 1
    expect(editor.node("9").locator("article[data-selected]")).to_have_count(1)


def test_what_is_in_the_form_stays_in_it_when_a_copy_is_dragged_away(editor: Any) -> None:
    head = editor.head("6")
    editor.page.keyboard.down("Alt")
    editor.drag((head["x"] + 80, head["y"] + 10), (head["x"] + 100, head["y"] + 330))
    editor.page.keyboard.up("Alt")
    expect(editor.node("6").locator(".pin-button[aria-pressed=true]")).to_have_count(3)
    expect(editor.node("9").locator(".pin-button[aria-pressed=true]")).to_have_count(0)
    editor.keys("Control+z")
    expect(editor.node("9")).to_have_count(0)
    expect(editor.node("6").locator(".pin-button[aria-pressed=true]")).to_have_count(3)


def test_tidying_puts_every_node_right_of_what_it_takes_from(editor: Any) -> None:
    editor.keys("Shift+t")
    document = editor.document()
    x = {node["id"]: node["pos"][0] for node in document["nodes"]}
    assert all(x[link["from"]] < x[link["to"]] for link in document["links"])


def test_find_shows_a_node_by_what_is_written_in_it(editor: Any) -> None:
    editor.keys("Control+f")
    editor.page.keyboard.type("red apple")
    editor.keys("Enter")
    expect(editor.node("3").locator("article[data-selected]")).to_have_count(1)


def test_the_command_palette_has_every_command_with_its_keys(editor: Any) -> None:
    editor.keys("Control+k")
    dialog = editor.page.get_by_role("dialog", name="All commands")
    assert dialog.get_by_role("option").count() >= 20
    editor.page.keyboard.type("tidy")
    expect(dialog.get_by_role("option").first).to_have_text(re.compile("^Tidy"))
    editor.keys("Enter")
    expect(dialog).to_have_count(0)


def test_arrow_keys_walk_along_wires_and_enter_edits(editor: Any) -> None:
    editor.pick("2")
    editor.keys("ArrowRight", "ArrowRight", "ArrowRight")
    expect(editor.node("7").locator("article[data-selected]")).to_have_count(1)
    editor.keys("ArrowLeft", "Enter")
    editor.node("6").locator("[aria-label=seed]:focus").wait_for()


def test_a_thousand_nodes_are_boxes_from_afar_and_nodes_from_near(editor: Any, tmp_path: Any) -> None:
    from bench.web.graph import document

    editor.open(document(1000), tmp_path)
    expect(editor.page.locator("canvas.far")).to_be_visible()
    expect(editor.page.locator("article.node")).to_have_count(0)
    editor.keys("Alt+1")
    editor.page.wait_for_selector("article.node")
    editor.rest()
    assert 0 < editor.page.locator("article.node").count() < 100


def test_boxes_are_chosen_and_moved_from_afar(editor: Any, tmp_path: Any) -> None:
    from bench.web.graph import document

    editor.open(document(100), tmp_path)
    editor.keys("Control+a")
    before = [node["pos"] for node in editor.document()["nodes"]]
    editor.keys("Escape")
    view = editor.page.locator(".zoom-percent").inner_text()
    editor.drag((160, 310), (160, 400))
    after = [node["pos"] for node in editor.document()["nodes"]]
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    expect(editor.page.locator(".zoom-percent")).to_have_text(view)
