"""Curves: points are put in, dragged and taken away, by pointer and by keyboard, and a run follows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

STRAIGHT = {"points": [[0, 0], [1, 1]], "interpolation": "monotone_cubic"}


@pytest.fixture
def curve(editor: Any, graph: Any, tmp_path: Path) -> Any:
    """A black picture that goes through a curve."""
    tree = graph(
        ("EmptyImage", {"width": 16, "height": 16, "batch_size": 1, "color": 0}),
        ("ToneCurve", {"curve": STRAIGHT}),
        ("PreviewImage", {}),
        wires=((1, 0, 2, "image", "IMAGE"), (2, 0, 3, "images", "IMAGE")),
    )
    editor.open(tree, tmp_path)
    editor.rest()
    return editor


def points(editor: Any) -> Any:
    return editor.values("2")["curve"]["points"]


def place(editor: Any, x: float, y: float) -> tuple[float, float]:
    box = editor.node("2").locator(".field-curve svg").bounding_box()
    return box["x"] + x * box["width"], box["y"] + (1 - y) * box["height"]


def test_a_press_puts_a_point_in_that_is_dragged_and_undone_as_one_step(curve: Any) -> None:
    curve.drag(place(curve, 0.5, 0.5), place(curve, 0.4, 0.8))
    (_, (x, y), _) = points(curve)
    assert (x, y) == pytest.approx((0.4, 0.8), abs=0.03)
    curve.keys("Control+z")
    curve.until(lambda: points(curve) == STRAIGHT["points"])


def test_a_curve_is_drawn_by_keyboard_and_a_run_follows_it(curve: Any) -> None:
    first = curve.node("2").get_by_role("slider", name="curve, point 1")
    first.focus()
    curve.keys(*["Shift+ArrowUp"] * 5)
    curve.until(lambda: points(curve)[0] == [0, 0.5])
    curve.node("2").get_by_role("button", name="Smooth").click()
    curve.until(lambda: curve.values("2")["curve"]["interpolation"] == "linear")
    curve.keys("Control+Enter")
    picture = curve.node("3").locator(".node-picture img")
    picture.wait_for()
    level = picture.evaluate(
        """async (img) => {
          await img.decode();
          const canvas = new OffscreenCanvas(1, 1).getContext('2d');
          canvas.drawImage(img, 0, 0, 1, 1);
          return canvas.getImageData(0, 0, 1, 1).data[0];
        }"""
    )
    assert level == pytest.approx(127, abs=2)


def test_a_point_is_taken_away_by_double_click_and_all_are_reset(curve: Any) -> None:
    curve.drag(place(curve, 0.5, 0.5), place(curve, 0.5, 0.9))
    assert len(points(curve)) == 3
    curve.node("2").get_by_role("slider", name="curve, point 2").dblclick()
    curve.until(lambda: points(curve) == STRAIGHT["points"])
    curve.node("2").get_by_role("slider", name="curve, point 2").focus()
    curve.keys("Shift+ArrowDown")
    curve.until(lambda: points(curve)[1] == [1, 0.9])
    curve.node("2").get_by_role("button", name="Reset").click()
    curve.until(lambda: "curve" not in curve.values("2"))


def test_behind_a_curve_are_the_levels_of_the_picture_once_a_run_made_it(curve: Any) -> None:
    levels = curve.node("2").locator(".curve-levels")
    assert levels.count() == 0
    curve.keys("Control+Enter")
    levels.wait_for()
    assert levels.get_attribute("d").startswith("M0 100V0.00H"), "black is the most frequent"
