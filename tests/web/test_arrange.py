"""Nodes put in order, subgraphs named, and what a node warns of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect


def boxes(editor: Any, *ids: str) -> list[dict[str, float]]:
    return [editor.node(id).bounding_box() for id in ids]


def test_chosen_nodes_are_aligned_and_distributed_by_keys(editor: Any) -> None:
    editor.pick("6")
    editor.pick("7", many=True)
    editor.pick("5", many=True)
    editor.keys("Shift+u")
    editor.until(lambda: len({round(one["y"]) for one in boxes(editor, "5", "6", "7")}) == 1)
    editor.keys("Shift+h")

    def even() -> bool:
        five, six, seven = boxes(editor, "5", "6", "7")
        first = six["x"] - five["x"] - five["width"]
        return abs(first - (seven["x"] - six["x"] - six["width"])) < 2

    editor.until(even)
    editor.keys("Control+z", "Control+z")
    editor.until(lambda: len({round(one["y"]) for one in boxes(editor, "5", "6", "7")}) > 1)


def test_a_subgraph_is_called_otherwise_outside_and_inside(editor: Any) -> None:
    editor.pick("6")
    editor.pick("7", many=True)
    editor.keys("Control+Shift+e", "Escape")
    node = editor.page.locator(".react-flow__node:has(.node[data-subgraph])")
    node.wait_for()
    editor.keys("Shift+F2")
    dialog = editor.page.get_by_role("dialog", name="Rename the subgraph")
    dialog.get_by_role("textbox").fill("Paint")
    editor.keys("Enter")
    dialog.wait_for(state="detached")
    editor.until(lambda: editor.document()["subgraphs"][0]["name"] == "Paint")
    node.locator(".node-title", has_text="Paint").wait_for()
    editor.keys("]")
    editor.page.locator(".trail").get_by_text("Paint").wait_for()
    editor.keys("Escape", "[")
    editor.page.locator(".trail").wait_for(state="detached")


def test_a_node_that_warns_says_so_below_itself(editor: Any, graph: Any, tmp_path: Path) -> None:
    tree = graph(
        ("CheckpointLoader", {"config_name": "v1-inference.yaml", "ckpt_name": "emoji"}),
        ("PreviewAny", {}),
        wires=((1, 0, 2, "source", "MODEL"),),
    )
    editor.open(tree, tmp_path)
    editor.keys("Control+Enter")
    editor.node("1").locator(".node-warning", has_text="is ignored").wait_for()


def test_menus_align_what_is_chosen_and_put_points_on_wires(editor: Any) -> None:
    menu = editor.page.get_by_role("menu")
    editor.pick("7")
    editor.pick("5", many=True)
    editor.node("5").locator(".node-head").click(button="right")
    menu.get_by_role("menuitem", name="Align top edges").click()
    places = {one["id"]: one["pos"] for one in editor.document()["nodes"]}
    assert places["7"][1] == places["5"][1]
    editor.keys("Control+z")
    editor.pick("5")
    expect(editor.page.locator(".react-flow__node.selected")).to_have_attribute("data-id", "5")
    (ax, ay), (bx, by) = editor.socket("7", "out:0"), editor.socket("8", "in:images")
    editor.page.mouse.click((ax + bx) / 2, (ay + by) / 2, button="right")
    menu.get_by_role("menuitem", name="Add a reroute point").click()
    point = editor.page.locator(".wire-point")
    expect(point).to_have_count(1)
    point.click(button="right")
    menu.get_by_role("menuitem", name="reroute point").click()
    expect(point).to_have_count(0)
    assert "7.0 > 8.images" in editor.wires()


def test_the_menu_of_a_note_and_of_a_frame_has_nothing_of_running(editor: Any) -> None:
    menu = editor.page.get_by_role("menu")

    def entries() -> set[str]:
        names = {one.split("\n")[0] for one in menu.get_by_role("menuitem").all_inner_texts()}
        editor.keys("Escape")
        return names

    running = {"Run to this node", "Mute", "Bypass", "Make a subgraph of the selection", "Reset all values"}
    editor.node("6").locator(".node-head").click(button="right")
    assert running <= entries()
    editor.node("1").locator(".node-head").click(button="right")
    of_note = entries()
    assert "Collapse" in of_note
    assert not of_note & running
    editor.page.locator(".frame-title").click(button="right")
    of_frame = entries()
    assert "Rename" in of_frame
    assert not of_frame & running
