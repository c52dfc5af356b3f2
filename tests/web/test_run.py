"""Running: from the first start to a picture, with what the nodes say on the way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect


def small(graph: Any, **more: Any) -> dict[str, Any]:
    """A graph that runs in a moment: a plain picture, turned, shown."""
    nodes = (
        ("EmptyImage", {"width": 64, "height": 48, "color": 255, **more}),
        ("ImageInvert", {}),
        ("PreviewImage", {}),
    )
    return graph(*nodes, wires=((1, 0, 2, "image", "IMAGE"), (2, 0, 3, "images", "IMAGE")))


def test_a_stranger_presses_run_and_has_a_picture(editor: Any) -> None:
    steps = editor.page.get_by_role("spinbutton", name="steps", exact=True)
    steps.click()
    editor.page.keyboard.type("3")
    editor.keys("Enter")
    editor.page.get_by_role("button", name="Run", exact=True).click()
    editor.page.wait_for_selector('article[data-phase="running"]')
    editor.node("8").locator(".node-picture img").wait_for()
    editor.page.wait_for_function(
        "() => document.querySelectorAll('article[data-phase=running]').length == 0"
    )
    # Why it ran is on its chip; below it stands nothing that every node of a first run would say.
    expect(editor.node("6").locator(".node-chip")).to_have_attribute("title", re.compile("because"))
    expect(editor.page.get_by_text("it has not run before")).to_have_count(0)


def test_ctrl_enter_runs_and_what_did_not_change_is_not_run_again(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    editor.open(small(graph), tmp_path)
    editor.keys("Control+Enter")
    editor.node("3").locator(".node-picture img").wait_for()
    editor.page.get_by_role("spinbutton", name="width", exact=True).click()
    editor.page.keyboard.type("96")
    editor.keys("Enter", "Control+Enter")
    editor.node("1").get_by_text("'width' changed 64").wait_for()
    editor.keys("Control+Enter")
    editor.node("1").get_by_text("from memory").wait_for()


def test_a_node_that_lacks_something_is_marked_with_what_to_do(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    tree = small(graph)
    tree["links"] = tree["links"][1:]
    editor.open(tree, tmp_path)
    editor.keys("Control+Enter")
    failed = editor.page.locator('article[data-phase="failed"]')
    failed.wait_for()
    expect(failed).to_contain_text(re.compile("Connect an? IMAGE output"))
    expect(editor.node("2").locator(".dot[data-lacking]")).to_have_attribute("data-handleid", "in:image")
    editor.keys("Control+z")


def test_the_viewer_shows_pixels_and_compares(editor: Any, tmp_path: Path, graph: Any) -> None:
    for color in (255, 65280):
        editor.open(small(graph, color=color), tmp_path)
        editor.keys("Control+Enter")
        editor.node("3").locator(".node-picture img").wait_for()
    made = editor.node("3").locator(".node-picture")
    made.click()
    viewer = editor.page.locator(".viewer")
    expect(viewer).to_contain_text("64 × 48")
    compare = viewer.get_by_label("Compare with")
    expect(compare.locator("option").nth(1)).to_be_attached()
    compare.select_option(index=1)
    for kind in ("Side by side", "Difference", "Wipe"):
        viewer.get_by_role("button", name=kind).click()
        expect(viewer.locator("img")).to_have_count(2)
    editor.keys("Escape")
    expect(viewer).to_have_count(0)


def test_the_history_brings_a_workflow_back(editor: Any, tmp_path: Path, graph: Any) -> None:
    tree = small(graph, color=1234)
    tree["nodes"][2]["type"] = "SaveImage"
    editor.open(tree, tmp_path)
    editor.keys("Control+Enter")
    picture = editor.node("3").locator(".node-picture img")
    picture.wait_for()
    [name] = parse_qs(urlsplit(picture.get_attribute("src")).query)["filename"]
    editor.keys("Control+a", "Delete", "g")
    entry = editor.page.locator(".past li").filter(has=editor.page.locator(f'[aria-label$="{name}"]'))
    entry.first.get_by_role("button", name="Open its workflow").click()
    editor.page.wait_for_selector("article.node")
    assert editor.values("1")["color"] == 1234


@pytest.mark.parametrize("times", [3])
def test_a_batch_counts_the_seed_on(editor: Any, times: int) -> None:
    editor.page.get_by_role("spinbutton", name="steps", exact=True).click()
    editor.page.keyboard.type("5000")  # it goes on until it is cancelled
    editor.keys("Enter")
    editor.page.get_by_label("seed: What happens").select_option("increment")
    editor.page.get_by_label("How many times").fill(str(times))
    editor.keys("Escape", "Control+Enter")
    editor.page.wait_for_function(
        f"() => document.querySelector('[aria-label=seed]').innerText.includes('{1 + times}')"
    )
    editor.keys("q")
    drawer = editor.page.get_by_role("complementary", name="Queue")
    drawer.get_by_role("button", name="Clear what waits").click()
    drawer.get_by_role("button", name="Yes").click()
    editor.page.get_by_role("button", name="Cancel the run").first.click()
    editor.page.get_by_text("Nothing is waiting.").wait_for()


def test_a_node_in_the_midst_is_run_to_and_shows_what_it_gave(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    editor.open(small(graph, color=4711), tmp_path)
    times = editor.page.get_by_label("How many times")
    times.click()
    editor.keys("Backspace", "2", "Escape", "Alt+Q")
    expect(times).to_have_value("2")
    times.fill("1")
    editor.keys("Escape")
    editor.pick("2")
    editor.keys("Shift+Enter")
    waiting = editor.page.locator('article[data-phase="waiting"]')
    expect(waiting).to_have_count(2)
    editor.page.get_by_text("The queue is paused: this run waits").wait_for()
    editor.keys("Alt+Q")
    editor.node("2").locator(".node-preview").wait_for()
    expect(waiting).to_have_count(0)
    expect(editor.node("3").locator("article[data-phase]")).to_have_count(0)
    times.fill("2")
    editor.keys("Escape", "Control+Enter")
    editor.page.get_by_text("2 runs with the same numbers give the same").wait_for()


def test_run_on_change_runs_what_changed_and_not_what_was_only_moved(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    editor.open(small(graph, color=77), tmp_path)
    editor.page.get_by_role("button", name="Run on change").click()
    editor.pick("2")
    editor.keys("Alt+ArrowDown")
    editor.page.wait_for_timeout(900)
    expect(editor.page.locator("article[data-phase]")).to_have_count(0)
    editor.page.get_by_role("spinbutton", name="height", exact=True).click()
    editor.page.keyboard.type("64")
    editor.keys("Enter")
    editor.node("3").locator(".node-picture img").wait_for()
    editor.open(small(graph, color=78), tmp_path, "another.json")
    editor.page.wait_for_timeout(900)
    expect(editor.page.locator("article[data-phase]")).to_have_count(0)
