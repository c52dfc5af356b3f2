"""When something fails: where, why, and a button that mends it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import expect


def chain(graph: Any, first: tuple[str, dict[str, Any]], *, wired: bool = True) -> dict[str, Any]:
    """A picture, turned, shown."""
    wires = ((1, 0, 2, "image", "IMAGE"), (2, 0, 3, "images", "IMAGE"))
    return graph(first, ("ImageInvert", {}), ("PreviewImage", {}), wires=wires[0 if wired else 1 :])


def test_a_button_connects_what_lacks(editor: Any, tmp_path: Path, graph: Any) -> None:
    editor.open(chain(graph, ("EmptyImage", {"width": 32}), wired=False), tmp_path)
    editor.keys("Control+Enter")
    editor.node("2").get_by_role("button", name="Connect IMAGE of Empty Image").click()
    assert "1.0 > 2.image" in editor.wires()
    expect(editor.page.locator('article[data-phase="failed"]')).to_have_count(0)
    editor.keys("Control+Enter")
    editor.node("3").locator(".node-picture img").wait_for()


def test_a_button_looks_for_a_node_where_none_gives_what_lacks(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    editor.open(graph(("PreviewImage", {})), tmp_path)
    editor.keys("Control+Enter")
    editor.node("1").get_by_role("button", name="Add a node that gives IMAGE").click()
    editor.page.keyboard.type("empty image")
    editor.keys("Enter")
    assert len(editor.wires()) == 1


def test_buttons_set_a_value_to_its_bound_and_choose_the_near_name(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    editor.open(chain(graph, ("EmptyImage", {"width": 99_999})), tmp_path)
    editor.keys("Control+Enter")
    editor.node("1").get_by_role("button", name="Set width to 16384").click()
    assert editor.values("1")["width"] == 16384
    editor.open(graph(("CheckpointLoaderSimple", {"ckpt_name": "emojy"}), ("PreviewAny", {})), tmp_path)
    editor.drag(editor.socket("1", "out:0"), editor.socket("2", "in:source"))
    editor.keys("Control+Enter")
    editor.node("1").get_by_role("button", name="Set ckpt_name to emoji").click()
    assert editor.values("1")["ckpt_name"] == "emoji"


def test_a_node_that_fails_while_it_runs_is_outlined_and_what_was_done_is_kept(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    data = io.BytesIO()
    Image.effect_noise((300, 300), 90).save(data, "png")
    cut = {"name": "cut.png", "mimeType": "image/png", "buffer": data.getvalue()[:9000]}
    api = editor.page.url.rstrip("/") + "/upload/image"
    assert editor.page.request.post(api, multipart={"image": cut}).ok
    editor.open(chain(graph, ("LoadImage", {"image": "cut.png"})), tmp_path)
    editor.keys("Control+Enter")
    failed = editor.node("1").locator('article[data-phase="failed"]')
    failed.wait_for()
    expect(failed.locator(".node-failure")).to_contain_text("cut.png")
    editor.page.wait_for_function("() => !document.querySelector('.run-cancel')")
    expect(editor.node("2").locator('article[data-phase="failed"]')).to_have_count(0)
    editor.keys("Control+Enter")
    failed.wait_for()
