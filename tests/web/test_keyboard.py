"""The keyboard alone: a graph is built, wired, moved, edited and run without a pointer."""

from __future__ import annotations

from typing import Any

import pytest

TEXT_TO_IMAGE = {
    "1.0 > 4.model",
    "1.1 > 2.clip",
    "1.1 > 3.clip",
    "1.2 > 6.vae",
    "2.0 > 4.positive",
    "3.0 > 4.negative",
    "4.0 > 6.samples",
    "5.0 > 4.latent_image",
    "6.0 > 7.images",
}


def choose(editor: Any, label: str, words: str) -> None:
    """Choose what a list that was opened offers for some words."""
    dialog = editor.page.get_by_role("dialog", name=label)
    dialog.wait_for()
    editor.page.keyboard.type(words)
    editor.page.wait_for_function(
        "(words) => document.querySelector('.palette-field')?.value === words", arg=words
    )
    editor.keys("Enter")


def connect(editor: Any, socket: str, to: str) -> None:
    """Connect a socket of the chosen node with what answers to some words."""
    editor.keys("c")
    choose(editor, "Connect", socket)
    editor.page.get_by_placeholder("Where does it").wait_for()
    choose(editor, "", to)
    editor.page.locator(".palette").wait_for(state="detached")


def small(editor: Any, name: str) -> None:
    """Type 64 into the number that has the focus."""
    field = editor.page.locator(f"[role=spinbutton][aria-label={name}]:focus")
    field.wait_for()
    editor.keys("6", "4", "Enter")
    field.and_(editor.page.locator("[aria-valuenow='64']")).wait_for()


def chosen(editor: Any) -> list[str]:
    return [
        str(one.get_attribute("data-id")) for one in editor.page.locator(".react-flow__node.selected").all()
    ]


def walk_to(editor: Any, id: str, *keys: str) -> None:
    editor.keys(*keys)
    editor.until(lambda: chosen(editor) == [id], f"node {id} is not reached")


@pytest.fixture
def empty(editor: Any) -> Any:
    """A new graph, opened by a key."""
    editor.keys("Alt+n")
    editor.page.locator("article.node").first.wait_for(state="detached")
    return editor


def test_text_to_image_is_built_from_nothing_and_run(empty: Any) -> None:
    editor = empty
    editor.keys("Tab")
    choose(editor, "Add a node", "load checkpoint")
    editor.until(lambda: chosen(editor) == ["1"])
    connect(editor, "CLIP", "CLIPTextEncode")
    editor.until(lambda: chosen(editor) == ["2"])
    editor.keys("Enter")
    editor.page.locator("textarea:focus").wait_for()
    editor.page.keyboard.type("a red apple")
    editor.keys("Escape")
    walk_to(editor, "1", "ArrowLeft")
    connect(editor, "CLIP", "CLIPTextEncode")
    editor.until(lambda: chosen(editor) == ["3"])
    connect(editor, "CONDITIONING", "KSampler")
    editor.until(lambda: chosen(editor) == ["4"])
    connect(editor, "positive", "#3")
    connect(editor, "positive", "#2")
    connect(editor, "negative", "#3")
    connect(editor, "model", "load checkpoint")
    connect(editor, "latent_image", "EmptyLatentImage")
    editor.until(lambda: chosen(editor) == ["5"])
    editor.keys("Enter")
    small(editor, "width")
    editor.keys("Tab")
    small(editor, "height")
    editor.keys("Escape")
    walk_to(editor, "4", "ArrowRight")
    connect(editor, "LATENT", "VAEDecode")
    editor.until(lambda: chosen(editor) == ["6"])
    connect(editor, "vae", "load checkpoint")
    connect(editor, "IMAGE", "SaveImage")
    editor.until(lambda: chosen(editor) == ["7"])
    assert editor.wires() == TEXT_TO_IMAGE
    assert editor.values("2")["text"] == "a red apple"
    assert (editor.values("5")["width"], editor.values("5")["height"]) == (64, 64)
    editor.keys("Control+Enter")
    editor.page.locator('.react-flow__node[data-id="7"] article[data-phase="done"]').wait_for()
    editor.page.locator('.react-flow__node[data-id="7"] .node-picture img').wait_for()


def test_a_wire_is_cut_from_the_list_and_a_circle_is_not_offered(editor: Any) -> None:
    editor.pick("7")
    editor.keys("c")
    choose(editor, "Connect", "samples")
    editor.page.get_by_placeholder("Where does it").wait_for()
    rows = editor.page.locator(".palette-row")
    assert rows.first.inner_text().startswith("KSampler")
    choose(editor, "", "cut a wire")
    assert "6.0 > 7.samples" not in editor.wires()
    editor.pick("6")
    editor.keys("c")
    choose(editor, "Connect", "latent_image")
    editor.page.get_by_placeholder("Where does it").wait_for()
    assert editor.page.locator(".palette-row", has_text="VAE Decode").count() == 0
    editor.keys("Escape")


def test_nodes_are_chosen_moved_sized_and_deleted(editor: Any) -> None:
    editor.pick("6")
    before = {one["id"]: one for one in editor.document()["nodes"]}
    editor.keys("Alt+ArrowRight", "Alt+ArrowDown", "Alt+Shift+ArrowRight")
    after = {one["id"]: one for one in editor.document()["nodes"]}
    x, y = before["6"]["pos"]
    assert after["6"]["pos"] == [x + 20, y + 20]
    assert after["6"]["size"][0] == before["6"]["size"][0] + 20
    walk_to(editor, "7", "ArrowRight")
    editor.keys("Shift+ArrowRight")
    editor.until(lambda: sorted(chosen(editor)) == ["7", "8"])
    editor.keys("Delete")
    editor.until(lambda: not {"7", "8"} & {one["id"] for one in editor.document()["nodes"]})


def test_a_frame_is_found_moved_with_its_nodes_and_renamed(editor: Any) -> None:
    before = {one["id"]: one["pos"] for one in editor.document()["nodes"]}
    editor.keys("Control+f")
    choose(editor, "Find in the graph", "prompt frame")
    editor.page.locator(".frame[data-selected]").wait_for()
    editor.keys("Alt+ArrowDown")
    after = {one["id"]: one["pos"] for one in editor.document()["nodes"]}
    assert {id for id, place in after.items() if place != before[id]} == {"3", "4"}
    editor.keys("F2")
    editor.page.locator("input.frame-title:focus").fill("Words")
    editor.keys("Enter")
    editor.page.locator(".frame", has_text="Words").wait_for()


def test_menus_open_and_the_parts_of_the_window_are_reached(editor: Any) -> None:
    editor.pick("6")
    editor.keys("Shift+F10")
    menu = editor.page.get_by_role("menu")
    menu.wait_for()
    editor.keys("ArrowDown", "Escape")
    menu.wait_for(state="detached")
    editor.keys("Enter")
    editor.page.locator(".widget [role=spinbutton]:focus").wait_for()
    editor.keys("Shift+F10")
    menu.get_by_text("seed").wait_for()
    editor.keys("Escape")
    menu.wait_for(state="detached")
    seen = set()
    for _ in range(4):
        editor.keys("F6")
        seen.add(
            editor.page.evaluate(
                "document.activeElement.closest('.bar, .corner, .drawer')?.classList[0] ?? 'graph'"
            )
        )
    assert seen >= {"bar", "corner", "graph"}
