"""Painting a mask on a picture, and having a node read it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image


@pytest.fixture
def painted(editor: Any, tmp_path: Path, graph: Any) -> Any:
    """The mask editor, open on a plain picture of 100 x 100 that a node reads."""
    data = io.BytesIO()
    Image.new("RGB", (100, 100), (40, 120, 200)).save(data, "png")
    file = {"name": "plain.png", "mimeType": "image/png", "buffer": data.getvalue()}
    api = editor.page.url.rstrip("/") + "/upload/image"
    assert editor.page.request.post(api, multipart={"image": file, "overwrite": "true"}).ok
    editor.open(
        graph(
            ("LoadImage", {"image": "plain.png"}),
            ("MaskPreview", {}),
            wires=((1, 1, 2, "mask", "MASK"),),
        ),
        tmp_path,
    )
    editor.page.get_by_role("button", name="image: Paint a mask").click()
    editor.page.locator(".mask-sheet canvas").wait_for()
    return editor


def place(editor: Any, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the picture is on the screen."""
    box = editor.page.locator(".mask-sheet").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100


def reads(editor: Any) -> str:
    """The picture that the node reads."""
    name: str = editor.node("1").locator("[data-input=image] .field-value").inner_text()
    return name


def mask(editor: Any) -> Image.Image:
    """The mask of the picture that the node reads now."""
    editor.page.locator(".mask").wait_for(state="detached")
    name = reads(editor)
    answer = editor.page.request.get(f"{editor.page.url.rstrip('/')}/view?filename={name}&type=input")
    image = Image.open(io.BytesIO(answer.body()))
    assert image.convert("RGB").getpixel((50, 50)) == (40, 120, 200)
    return image.getchannel("A").point(lambda value: 255 - value)


def test_a_mask_is_painted_erased_taken_back_and_read_by_the_node(painted: Any) -> None:
    dialog = painted.page.get_by_role("dialog", name="Paint a mask")
    dialog.get_by_label("Size").fill("6")
    painted.drag(place(painted, 20, 30), place(painted, 80, 30))
    dialog.get_by_role("button", name="Eraser").click()
    painted.drag(place(painted, 50, 10), place(painted, 50, 50))
    painted.keys("b")
    painted.drag(place(painted, 20, 80), place(painted, 80, 80))
    painted.keys("Control+z")
    dialog.get_by_role("button", name="Use this mask").click()
    made = mask(painted)
    assert [made.getpixel((x, y)) for x, y in ((30, 30), (50, 30), (70, 30), (50, 80))] == [255, 0, 255, 0]
    painted.keys("Control+Enter")
    painted.node("2").locator(".node-picture img").wait_for()
    painted.keys("Control+z")
    assert reads(painted) == "plain.png"


def test_a_mask_is_filled_softened_and_painted_on_later(painted: Any) -> None:
    dialog = painted.page.get_by_role("dialog", name="Paint a mask")
    dialog.get_by_label("Size").fill("3")
    for start, end in (
        ((30, 30), (70, 30)),
        ((70, 30), (70, 70)),
        ((70, 70), (30, 70)),
        ((30, 70), (30, 30)),
    ):
        painted.drag(place(painted, *start), place(painted, *end))
    painted.keys("f")
    painted.page.mouse.click(*place(painted, 50, 50))
    dialog.get_by_role("button", name="Soften edges").click()
    dialog.get_by_role("button", name="Use this mask").click()
    made = mask(painted)
    assert made.getpixel((50, 50)) == 255
    assert 30 < made.getpixel((27, 50)) < 225
    assert made.getpixel((5, 5)) == 0
    painted.page.get_by_role("button", name="image: Paint a mask").click()
    painted.page.locator(".mask-sheet canvas").wait_for()
    painted.keys("i")
    dialog.get_by_role("button", name="Use this mask").click()
    turned = mask(painted)
    assert [turned.getpixel((50, 50)), turned.getpixel((5, 5))] == [0, 255]


def test_what_was_painted_is_not_dropped_unasked(painted: Any) -> None:
    painted.page.mouse.click(*place(painted, 50, 50))
    painted.keys("Escape")
    dialog = painted.page.get_by_role("dialog", name="Paint a mask")
    dialog.get_by_role("button", name="No", exact=True).click()
    assert dialog.is_visible()
    dialog.get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name="Yes").click()
    dialog.wait_for(state="detached")
    assert reads(painted) == "plain.png"


def test_a_mask_goes_to_the_file_that_it_was_painted_for(painted: Any, tmp_path: Path, graph: Any) -> None:
    painted.page.mouse.click(*place(painted, 50, 50))
    first = painted.tab()
    painted.open(graph(("LoadImage", {"image": "plain.png"})), tmp_path, "other.json")
    assert painted.tab() != first
    painted.page.get_by_role("button", name="Use this mask").click()
    painted.page.locator(".mask").wait_for(state="detached")
    painted.page.locator(f"[data-front][data-tab='{first}']").wait_for()
    assert mask(painted).getpixel((50, 50)) > 0


def test_the_tools_stand_in_one_row_and_the_picture_follows_the_window(painted: Any) -> None:
    tools = painted.page.locator(".mask .viewer-bar > *")
    middles = [box["y"] + box["height"] / 2 for box in (one.bounding_box() for one in tools.all())]
    assert max(middles) - min(middles) < 12
    painted.page.set_viewport_size({"width": 390, "height": 844})
    painted.page.wait_for_function(
        "() => { const [a, b] = ['.mask-sheet', '.mask-stage']"
        ".map((one) => document.querySelector(one).getBoundingClientRect());"
        " const beside = a.left + a.right - b.left - b.right;"
        " return a.left >= b.left && a.right <= b.right && Math.abs(beside) < 2 }"
    )
    painted.page.set_viewport_size({"width": 1440, "height": 900})


def test_a_mask_is_made_by_keys_alone(painted: Any) -> None:
    painted.keys("r")  # the middle: 25, 25, 50 x 50
    dialog = painted.page.get_by_role("dialog", name="Paint a mask")
    dialog.get_by_text("box at 25, 25, 50 × 50").wait_for()
    painted.keys("Alt+ArrowLeft", "Alt+ArrowUp", "Shift+Alt+ArrowRight", "Enter")
    dialog.get_by_text("box at 24, 24, 51 × 50").wait_for()
    dialog.get_by_text("26 % marked").wait_for()  # 51 of 100 by 50 of 100
    painted.keys("g", "c", "Control+z", "i", "i", "Control+z", "Control+z", "Control+z")
    dialog.get_by_text("26 % marked").wait_for()
    for _ in range(30):
        painted.keys("Tab")
    assert painted.page.evaluate("document.activeElement.closest('.mask') !== null"), "it keeps the focus"
    painted.keys("Control+s")
    made = mask(painted)
    assert made.getbbox() == (24, 24, 75, 74)
    assert made.getextrema() == (0, 255)
