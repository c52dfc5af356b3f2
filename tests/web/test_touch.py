"""A phone: two fingers zoom and move what they hold, and what one of them began is taken back."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

VIEW = """() => {
  const { a, e, f } = new DOMMatrix(document.querySelector('.react-flow__viewport').style.transform);
  return [a, e, f];
}"""
NODE = """() => {
  const heads = [...document.querySelectorAll('.node-head')].map((one) => one.getBoundingClientRect());
  const { x, y, width, height } = heads.find(({ left, right, top, bottom }) =>
    left > 20 && right < innerWidth - 20 && top > 80 && bottom < innerHeight - 120);
  return [x + width / 2, y + height / 2];
}"""
"""The middle of the title of a node that is in view."""
Place = tuple[float, float]


@pytest.fixture
def phone(visit: Callable[..., Any], address: str, wrap: Callable[[Any], Any]) -> Any:
    """The first graph on a phone, without the list over it."""
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(address)
    page.get_by_role("button", name="Graph", exact=True).click()
    page.locator(".outline-node").nth(7).wait_for()
    page.get_by_role("complementary").get_by_role("button", name="Close").click()
    return wrap(page)


def fingers(page: Any, ways: tuple[tuple[Place, Place], tuple[Place, Place]]) -> None:
    """Two fingers, one set down after the other, go their ways and are lifted."""
    send = page.context.new_cdp_session(page).send

    def touch(kind: str, *places: Place) -> None:
        points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(places)]
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    (one, one_end), (two, two_end) = ways
    touch("touchStart", one)
    touch("touchStart", one, two)
    for part in (0.25, 0.5, 0.75, 1.0):
        touch("touchMove", between(one, one_end, part), between(two, two_end, part))
    touch("touchEnd")


def between(start: Place, end: Place, part: float) -> Place:
    """A point on the way."""
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def pinch(page: Any, middle: Place, by: float) -> None:
    """Two fingers, 80 pixels apart, go away from each other."""
    x, y = middle
    fingers(page, (((x - 40, y), (x - 40 * by, y)), ((x + 40, y), (x + 40 * by, y))))


def slide(page: Any, middle: Place, dx: float, dy: float) -> None:
    """Two fingers go side by side."""
    x, y = middle
    ends = ((x - 40 + dx, y + dy), (x + 40 + dx, y + dy))
    fingers(page, (((x - 40, y), ends[0]), ((x + 40, y), ends[1])))


def test_two_fingers_zoom_and_move_the_canvas(phone: Any) -> None:
    middle = (195.0, 660.0)
    drawn = phone.document()["nodes"]
    zoom, x, y = phone.page.evaluate(VIEW)
    pinch(phone.page, middle, 3)
    phone.rest()
    near, left, top = phone.page.evaluate(VIEW)
    assert near == pytest.approx(zoom * 3, rel=0.1)
    box = phone.page.locator(".react-flow").bounding_box()
    held = [(middle[0] - box["x"] - x) / zoom, (middle[1] - box["y"] - y) / zoom]
    assert held[0] * near + left == pytest.approx(middle[0] - box["x"], abs=12)
    assert held[1] * near + top == pytest.approx(middle[1] - box["y"], abs=12)
    slide(phone.page, (150.0, 400.0), -10, 300)
    phone.rest()
    assert phone.page.evaluate(VIEW) == pytest.approx([near, left - 10, top + 300], abs=8)
    # On nodes, too, from near and as boxes from afar: they stay where they stand.
    x, y = phone.page.evaluate(NODE)
    pinch(phone.page, (x, y), 0.5)
    phone.rest()
    assert phone.page.evaluate(VIEW)[0] == pytest.approx(near / 2, rel=0.1)
    phone.keys("Home")
    phone.rest()
    zoom, left, top = phone.page.evaluate(VIEW)
    (x, y), (width, height) = next((one["pos"], one["size"]) for one in drawn if one["id"] == "6")
    box = phone.page.locator(".react-flow").bounding_box()
    place = (x + width / 2) * zoom + left + box["x"], (y + height / 2) * zoom + top + box["y"]
    pinch(phone.page, place, 2)
    phone.rest()
    assert phone.page.evaluate(VIEW)[0] == pytest.approx(zoom * 2, rel=0.1)
    assert phone.document()["nodes"] == drawn


def test_two_fingers_zoom_a_picture_in_the_viewer_and_under_a_mask_and_paint_nothing(
    phone: Any, tmp_path: Path, graph: Any
) -> None:
    page, data = phone.page, io.BytesIO()
    Image.new("RGB", (100, 100), (40, 120, 200)).save(data, "png")
    file = {"name": "touched.png", "mimeType": "image/png", "buffer": data.getvalue()}
    assert page.request.post(f"{page.url.rstrip('/')}/upload/image", multipart={"image": file}).ok
    phone.open(graph(("LoadImage", {"image": "touched.png"})), tmp_path)
    if page.locator(".outline-node").count() == 0:
        page.keyboard.press("l")
    page.locator(".outline-view").tap()
    shown = page.locator(".viewer-stage img")
    shown.wait_for()
    phone.rest()
    before = shown.bounding_box()
    pinch(page, (before["x"] + before["width"] / 2, before["y"] + before["height"] / 2), 2)
    phone.until(lambda: shown.bounding_box()["width"] == pytest.approx(before["width"] * 2, rel=0.05))
    phone.keys("Escape")
    page.locator(".outline-node").get_by_role("button", name="image: Paint a mask").click()
    sheet, told = page.locator(".mask-sheet"), page.locator(".mask [role=status]")
    sheet.locator("canvas").wait_for()
    before = sheet.bounding_box()
    middle = (before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    marked = told.inner_text()
    pinch(page, middle, 2)
    after = sheet.bounding_box()
    assert after["width"] == pytest.approx(before["width"] * 2, rel=0.05)
    assert after["x"] + after["width"] / 2 == pytest.approx(middle[0], abs=8)
    slide(page, middle, 20, 40)
    assert sheet.bounding_box()["y"] == pytest.approx(after["y"] + 40, abs=6)
    assert told.inner_text() == marked
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    # One finger paints, as before.
    page.touchscreen.tap(*middle)
    expect(told).not_to_have_text(marked)


def test_two_fingers_neither_draw_nor_paint_nor_turn_a_number_in_the_fields_of_a_node(
    phone: Any, tmp_path: Path, graph: Any
) -> None:
    page = phone.page
    boxes = {"width": 1000, "height": 800, "editor_state": []}
    phone.open(graph(("CreateBoundingBoxes", boxes), ("Painter", {"width": 64, "height": 64})), tmp_path)
    if page.locator(".outline-node").count() == 0:
        page.keyboard.press("l")
    page.locator(".outline .own-canvas").wait_for()
    phone.rest()
    for row in page.locator(".outline-field:has(.own)").all():
        outer, inner = row.bounding_box(), row.locator(".own").bounding_box()
        assert inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1

    page.get_by_role("complementary").get_by_role("button", name="Close").click()
    phone.rest()
    for field in (phone.node("1").locator(".own-sheet"), phone.node("1").get_by_role("spinbutton").first):
        box = field.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        fingers(page, (((x - 20, y), (x - 70, y + 20)), ((x + 20, y), (x + 70, y + 30))))
        phone.rest()
    assert {name: phone.values("1")[name] for name in boxes} == boxes

    page.keyboard.press("l")
    page.locator(".outline .own-canvas").tap()
    dialog = page.get_by_role("dialog", name="Paint")
    sheet = dialog.locator(".paint-sheet")
    sheet.locator("canvas").first.wait_for()
    phone.rest()
    box = sheet.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    pinch(page, middle, 2)
    undo = dialog.get_by_role("button", name="Undo", exact=True)
    expect(undo).to_be_disabled()
    leaving = "() => dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert page.evaluate(leaving)
    page.touchscreen.tap(*middle)
    expect(undo).to_be_enabled()
    # What is painted would be lost: the browser asks first.
    assert not page.evaluate(leaving)
