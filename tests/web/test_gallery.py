"""The gallery of earlier runs, and the queue: searched, compared, brought back, never lost unasked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

COUNT = "() => document.querySelectorAll('.past > li:not(.past-more)').length"


def run_plain(editor: Any, tmp_path: Path, graph: Any, color: int, title: str) -> Any:
    """Run a graph that saves a plain picture; gives the run as the gallery shows it."""
    nodes = (("EmptyImage", {"width": 32, "height": 32, "color": color}), ("SaveImage", {}))
    editor.open(graph(*nodes, wires=((1, 0, 2, "images", "IMAGE"),)), tmp_path, f"{title}.json")
    editor.keys("Control+Enter")
    picture = editor.node("2").locator(".node-picture img")
    picture.wait_for()
    [name] = parse_qs(urlsplit(picture.get_attribute("src")).query)["filename"]
    return editor.page.locator(".past > li").filter(has=editor.page.locator(f'[aria-label$="{name}"]'))


def test_two_runs_are_compared_in_words_and_a_picture_dragged_back(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    runs = [run_plain(editor, tmp_path, graph, color, f"plain{color}") for color in (111, 222)]
    editor.keys("Control+a", "Delete", "g")
    for run in runs:
        run.get_by_role("button", name="Compare").click()
    pair = editor.page.locator(".gallery-pair")
    pair.get_by_text("One thing differs").wait_for()
    expect(pair.locator("dt")).to_have_text(re.compile("color$"))
    expect(pair.locator("dd")).to_have_text("111 → 222")
    pair.get_by_role("button", name="Compare their pictures").click()
    expect(editor.page.locator(".viewer-stage img")).to_have_count(2)
    editor.keys("Escape")
    runs[0].locator("img").drag_to(editor.page.locator(".react-flow__pane"))
    editor.node("2").wait_for()
    assert editor.values("1")["color"] == 111


def test_all_pictures_of_a_run_are_looked_at(editor: Any, tmp_path: Path, graph: Any) -> None:
    nodes = (("EmptyImage", {"width": 16, "height": 16, "batch_size": 3, "color": 9}), ("SaveImage", {}))
    editor.open(graph(*nodes, wires=((1, 0, 2, "images", "IMAGE"),)), tmp_path)
    editor.keys("Control+Enter")
    made = editor.node("2").locator(".node-picture img")
    expect(made).to_have_count(3)
    names = [parse_qs(urlsplit(one.get_attribute("src")).query)["filename"][0] for one in made.all()]
    editor.keys("g")
    editor.page.locator(".past-picture").first.click()
    viewer = editor.page.locator(".viewer")
    expect(viewer).to_have_attribute("aria-label", names[0])
    for name in names[1:]:
        expect(viewer.get_by_label("Compare with").get_by_role("option", name=name)).to_be_attached()
    for name in names[1:]:
        editor.keys("ArrowRight")
        expect(viewer).to_have_attribute("aria-label", name)


def test_the_gallery_is_searched_and_forgets_only_when_it_is_told_twice(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    nodes = (("PrimitiveStringMultiline", {"value": "zebra in a teapot"}), ("PreviewAny", {}))
    editor.open(graph(*nodes, wires=((1, 0, 2, "source", "STRING"),)), tmp_path, "zebra.json")
    editor.keys("Control+Enter")
    editor.node("2").get_by_text("0.0 s").wait_for()
    editor.keys("g")
    search = editor.page.get_by_role("searchbox")
    search.fill("unheard-of thing")
    editor.page.get_by_text("No run answers to that.").wait_for()
    search.fill("zebra teapot")
    editor.page.wait_for_function(f"() => ({COUNT})() === 1")
    editor.page.get_by_role("button", name="Forget this run").click()
    editor.page.get_by_role("button", name="No", exact=True).click()
    editor.page.wait_for_function(f"() => ({COUNT})() === 1")
    editor.page.get_by_role("button", name="Forget this run").click()
    editor.page.get_by_role("button", name="Yes").click()
    editor.page.get_by_text("No run answers to that.").wait_for()


def test_a_paused_queue_takes_no_run_up_until_it_goes_on(editor: Any, tmp_path: Path, graph: Any) -> None:
    nodes = (("EmptyImage", {"width": 40, "height": 40, "color": 5150}), ("PreviewImage", {}))
    editor.open(graph(*nodes, wires=((1, 0, 2, "images", "IMAGE"),)), tmp_path)
    editor.keys("q")
    editor.page.get_by_role("button", name="Pause the queue").click()
    editor.page.get_by_role("button", name="Paused. Go on").wait_for()
    editor.keys("Control+Enter")
    editor.page.locator(".job").get_by_text("Waiting").wait_for()
    editor.page.wait_for_timeout(500)
    expect(editor.node("2").locator(".node-picture img")).to_have_count(0)
    editor.page.get_by_role("button", name="Paused. Go on").click()
    editor.node("2").locator(".node-picture img").wait_for()
