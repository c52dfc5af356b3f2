"""Nodes that bring an editor of their own: a list of texts, boxes, layers, a canvas, a camera."""

from __future__ import annotations

import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

LACKING = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));
}"""
FILMING = """() => {
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d').fillRect(0, 0, 40, 30);
    const draw = () => { canvas.getContext('2d').fillRect(0, 0, 40, 30); requestAnimationFrame(draw); };
    draw();
    return canvas.captureStream(30);
  };
}"""
"""A computer without a camera, and one whose camera films a canvas."""
BOX = {"x": 0, "y": 0, "width": 500, "height": 400}


def point(editor: Any, shown: Any, x: float, y: float) -> tuple[float, float]:
    """A place on what is shown, by its shares of width and height."""
    editor.rest()
    box = shown.bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def level(editor: Any, x: int, y: int) -> tuple[int, ...]:
    """A pixel of the picture that the last run shows, with its alpha."""
    source = editor.node("5").locator(".node-picture img").evaluate("one => one.src")
    answer = editor.page.request.get(source)
    pixel: tuple[int, ...] = Image.open(io.BytesIO(answer.body())).convert("RGBA").getpixel((x, y))  # type: ignore[assignment]
    return pixel


def drawn(editor: Any) -> list[dict[str, Any]]:
    """The boxes that are drawn on the node."""
    boxes: list[dict[str, Any]] = editor.values("2")["editor_state"]
    return boxes


def test_texts_are_listed_boxes_are_drawn_and_a_camera_that_lacks_is_told(
    editor: Any, graph: Any, tmp_path: Path
) -> None:
    boxes = {"width": 1000, "height": 800, "editor_state": [BOX]}
    tree = graph(
        ("CustomCombo", {"choice": ""}), ("CreateBoundingBoxes", boxes), ("WebcamCapture", {"image": ""})
    )
    editor.open(tree, tmp_path)
    list_ = editor.node("1")
    list_.get_by_role("textbox", name="option1").fill("apple")
    list_.get_by_role("textbox", name="option2").fill("pear")
    list_.get_by_role("combobox", name="choice").focus()
    editor.keys("ArrowDown")
    written = {"choice": "pear", "index": 1, "option1": "apple", "option2": "pear", "option3": ""}
    editor.until(lambda: editor.values("1") == written)
    editor.keys("Control+z", "Control+z")
    editor.until(
        lambda: editor.values("1") == {"choice": "apple", "index": 0, "option1": "apple", "option2": ""}
    )

    sheet = editor.node("2").locator(".own-sheet")
    editor.drag(point(editor, sheet, 0.6, 0.6), point(editor, sheet, 0.9, 0.8))
    editor.until(lambda: len(drawn(editor)) == 2)
    assert (drawn(editor)[1]["x"], drawn(editor)[1]["width"]) == pytest.approx((600, 300), abs=12)
    editor.node("2").get_by_label("What is to be seen there").fill("a balloon")
    editor.node("2").get_by_role("button", name="Box 1").focus()
    editor.keys("Alt+ArrowRight", "Shift+Alt+ArrowDown")
    editor.until(lambda: drawn(editor)[0] == {**BOX, "x": 1, "height": 401})
    assert drawn(editor)[1]["metadata"]["desc"] == "a balloon"
    editor.keys("Delete")
    editor.until(lambda: [one.get("metadata", {}).get("desc") for one in drawn(editor)] == ["a balloon"])

    editor.page.evaluate(LACKING)
    editor.node("3").get_by_role("button", name="Start the camera").click()
    editor.node("3").get_by_text("There is no camera.").wait_for()
    editor.page.evaluate(FILMING)
    editor.node("3").get_by_role("button", name="Start the camera").click()
    video = editor.node("3").locator("video")
    editor.until(lambda: video.evaluate("one => one.videoWidth") > 0)
    editor.node("3").get_by_role("button", name="Take a picture").click()
    editor.node("3").get_by_alt_text("Picture taken").wait_for()
    taken = editor.values("3")["image"]
    assert taken.startswith("webcam-")
    editor.node("3").get_by_role("button", name="Start the camera").click()
    editor.until(lambda: video.evaluate("one => one.videoWidth") > 0)
    editor.page.get_by_role("button", name="Run", exact=True).click()
    editor.until(lambda: editor.values("3")["image"] != taken, "a run takes a new picture")


def test_what_is_painted_becomes_a_layer_that_is_laid_on_the_node(
    editor: Any, graph: Any, tmp_path: Path
) -> None:
    white = {"width": 64, "height": 64, "batch_size": 1, "color": 0xFFFFFF}
    tree = graph(
        ("Painter", {"width": 64, "height": 64, "bg_color": "#0000ff"}),
        ("EmptyImage", white),
        ("AddLayer", {"name": "sheet"}),
        ("AddLayer", {"name": "sky", "x": 32}),
        ("PreviewImage", {}),
        ("ImageCompositor", {}),
        ("PrimitiveString", {"value": json.dumps([BOX])}),
        ("CreateBoundingBoxes", {}),
        wires=(
            (7, 0, 8, "bboxes", "STRING"),
            (2, 0, 3, "image", "IMAGE"),
            (3, 0, 4, "layers", "LAYERS"),
            (1, 0, 4, "image", "IMAGE"),
            (4, 0, 6, "layers", "LAYERS"),
            (6, 0, 5, "images", "IMAGE"),
        ),
    )
    for number, one in enumerate(tree["nodes"]):
        one["pos"] = [number % 3 * 330, number // 3 * 460]
    editor.open(tree, tmp_path)
    editor.node("1").get_by_role("button", name="Paint").last.click()
    dialog = editor.page.get_by_role("dialog", name="Paint")
    sheet = dialog.locator(".paint-sheet")
    dialog.get_by_label("Colour").fill("#ff0000")
    editor.drag(point(editor, sheet, 0.1, 0.5), point(editor, sheet, 0.9, 0.5))
    editor.keys("e")
    editor.drag(point(editor, sheet, 0.5, 0.1), point(editor, sheet, 0.5, 0.9))
    editor.keys("b", "Enter", "Control+z")
    dialog.get_by_role("button", name="Use this picture").click()
    dialog.wait_for(state="detached")
    assert editor.values("1")["mask"].endswith(".png [input]")

    editor.keys("Control+Enter")
    layers = editor.node("6")
    layers.get_by_role("button", name="sky", exact=True).wait_for()
    editor.node("5").locator(".node-picture img").wait_for()
    assert level(editor, 90, 0) == (0, 0, 255, 255)
    assert level(editor, 40, 32)[0] == 255
    editor.until(lambda: editor.values("8").get("last_incoming") == [BOX])
    assert editor.values("8")["editor_state"] == [BOX], "boxes from a wire are what is drawn on"
    layers.get_by_role("button", name="Hide sheet").click()
    layers.get_by_role("button", name="sky", exact=True).focus()
    editor.keys("Alt+ArrowLeft", "Alt+ArrowLeft")
    laid = editor.values("6")["compositor"]
    assert [one["visible"] for one in laid["layers"]] == [False, True]
    assert laid["layers"][1]["transform"]["x"] == 30
    editor.keys("Control+Enter")
    editor.until(lambda: level(editor, 0, 0)[3] == 0)
    assert level(editor, 93, 0) == (0, 0, 255, 255)
    layers.get_by_role("button", name="Lay them as they came").click()
    editor.until(lambda: not editor.values("6").get("compositor"))

    names = layers.locator(".own-name")
    layers.get_by_role("button", name="Raise sheet").click()
    layers.get_by_role("button", name="Lower sheet").click()
    expect(names).to_have_text(["sky", "sheet"])
    editor.keys("Control+z")
    expect(names).to_have_text(["sheet", "sky"])
    editor.open(tree, tmp_path, "other.json")
    editor.node("6").get_by_text("Run once to see the layers").wait_for()


def test_words_that_a_node_shows_stand_on_it_until_it_shows_none(
    editor: Any, graph: Any, tmp_path: Path
) -> None:
    start = time.time_ns() % 8000 / 1000  # what ran before on this server need not run again
    keyframes = {"strength_start": start, "keyframes_count": 2, "print_keyframes": True}
    tree = graph(
        ("CreateHookKeyframesInterpolated", keyframes),
        ("PreviewAny", {}),
        wires=((1, 0, 2, "source", "HOOK_KEYFRAMES"),),
    )
    editor.open(tree, tmp_path)
    editor.keys("Control+Enter")
    words = editor.node("1").get_by_role("textbox", name="What it shows")
    expect(words).to_have_value(f"from 0.000 on: {start:.3f}\nfrom 1.000 on: 1.000")
    expect(editor.node("2").get_by_role("textbox", name="What it shows")).to_have_value(
        re.compile("Keyframe")
    )
    editor.node("1").get_by_role("switch", name="print_keyframes").click()
    editor.keys("Control+Enter")
    expect(words).to_have_count(0)
