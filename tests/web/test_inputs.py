"""Inputs that come and go with wires and choices, and points that wires pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect


def _inputs(editor: Any, id: str) -> list[str]:
    handles = editor.node(id).locator('.dot[data-handleid^="in:"]').all()
    return [str(one.get_attribute("data-handleid")).removeprefix("in:") for one in handles]


def test_an_empty_socket_appears_when_the_last_is_used_and_goes_again(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    tree = graph(
        ("EmptyImage", {"width": 32, "height": 32}),
        ("EmptyImage", {"width": 32, "height": 32, "color": 255}),
        ("BatchImagesNode", {}),
        ("PreviewImage", {}),
        wires=((3, 0, 4, "images", "IMAGE"),),
    )
    editor.open(tree, tmp_path)
    assert _inputs(editor, "3") == ["images.image0"]
    editor.drag(editor.socket("1", "out:0"), editor.socket("3", "in:images.image0"))
    assert _inputs(editor, "3") == ["images.image0", "images.image1"]
    editor.drag(editor.socket("2", "out:0"), editor.socket("3", "in:images.image1"))
    assert len(_inputs(editor, "3")) == 3
    editor.keys("Control+Enter")
    editor.page.wait_for_function(
        "() => document.querySelectorAll('.react-flow__node[data-id=\"4\"] .node-picture').length == 2"
    )
    editor.keys("Control+z")
    assert _inputs(editor, "3") == ["images.image0", "images.image1"]


def test_another_choice_shows_its_own_inputs(editor: Any, tmp_path: Path, graph: Any) -> None:
    tree = graph(
        ("EmptyImage", {"width": 32, "height": 32}),
        ("ResizeImageMaskNode", {}),
        wires=((1, 0, 2, "input", "IMAGE"),),
    )
    editor.open(tree, tmp_path)
    assert {"resize_type.width", "resize_type.height", "resize_type.crop"} <= set(_inputs(editor, "2"))
    editor.node("2").locator('[data-input="resize_type"] button').first.click()
    editor.page.get_by_role("option", name="scale by multiplier").click()
    assert _inputs(editor, "2") == ["input", "resize_type", "resize_type.multiplier", "scale_method"]
    editor.node("2").get_by_role("spinbutton", name="multiplier").click()
    editor.page.keyboard.type("2")
    editor.keys("Enter")
    assert editor.values("2") == {"resize_type": "scale by multiplier", "resize_type.multiplier": 2}
    editor.keys("Control+z", "Control+z")
    assert editor.values("2") == {}


def test_a_point_is_put_on_a_wire_dragged_and_taken_away(editor: Any) -> None:
    (ax, ay), (bx, by) = editor.socket("7", "out:0"), editor.socket("8", "in:images")
    start, end = ((ax + bx) / 2, (ay + by) / 2), ((ax + bx) / 2, (ay + by) / 2 + 120)
    editor.page.keyboard.down("Shift")
    editor.drag(start, end, button="right")
    editor.page.keyboard.up("Shift")
    (point,) = editor.document()["reroutes"]
    (link,) = (one for one in editor.document()["links"] if one["to"] == "8")
    assert (point["links"], link["reroute"]) == ([link["id"]], point["id"])
    expect(editor.page.get_by_role("menu")).to_have_count(0)
    box = editor.page.locator(".wire-point").bounding_box()
    assert abs(box["y"] + box["height"] / 2 - end[1]) < 4
    editor.drag(end, (end[0] - 40, end[1] + 60))
    moved = editor.document()["reroutes"][0]["pos"]
    assert moved[1] > point["pos"][1] + 40
    box = editor.page.locator(".wire-point").bounding_box()
    editor.page.mouse.dblclick(box["x"] + 5, box["y"] + 5)
    expect(editor.page.locator(".wire-point")).to_have_count(0)
    editor.keys("Control+z", "Control+z")
    assert editor.document()["reroutes"] == [point]
    editor.keys("Control+z")
    expect(editor.page.locator(".wire-point")).to_have_count(0)


def test_tidying_keeps_a_frame_and_its_nodes_together(editor: Any) -> None:
    editor.keys("Shift+T")
    (frame,) = editor.document()["groups"]
    x, y, width, height = frame["box"]
    inside = [
        node["id"]
        for node in editor.document()["nodes"]
        if x <= node["pos"][0] <= x + width and y <= node["pos"][1] <= y + height
    ]
    assert sorted(inside) == ["3", "4"]
