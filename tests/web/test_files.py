"""Files: opened, kept, saved, lost nothing of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_saved_unchanged_is_the_file_that_was_opened(editor: Any, tmp_path: Path) -> None:
    source = ROOT / "workflows" / "two_pass.json"
    editor.page.set_input_files("#open-file", source)
    editor.page.wait_for_function("() => document.querySelector('.bar-title input').value == 'two_pass'")
    with editor.page.expect_download() as download:
        editor.keys("Control+Alt+s")
    assert json.loads(Path(download.value.path()).read_text()) == json.loads(source.read_text())


def test_a_graph_is_exported_for_the_api(editor: Any) -> None:
    with editor.page.expect_download() as download:
        editor.keys("Control+Alt+e")
    prompt = json.loads(Path(download.value.path()).read_text())
    assert prompt["6"]["class_type"] == "KSampler"
    assert prompt["6"]["inputs"]["model"] == ["2", 0]


def test_unknown_nodes_are_placeholders_and_save_back_unchanged(editor: Any, tmp_path: Path) -> None:
    tree = json.loads((ROOT / "workflows" / "text_to_image.json").read_text())
    tree["nodes"][5]["type"] = "SomebodysSampler"
    path = tmp_path / "strange.json"
    path.write_text(json.dumps(tree))
    editor.page.set_input_files("#open-file", path)
    editor.page.locator("article[data-unknown]").wait_for()
    assert editor.page.get_by_text("This node type is not here").is_visible()
    with editor.page.expect_download() as download:
        editor.keys("Control+Alt+s")
    assert json.loads(Path(download.value.path()).read_text()) == tree


def test_a_reload_brings_back_what_was_open(editor: Any) -> None:
    editor.pick("5")
    editor.keys("Delete")
    before = editor.document()
    editor.page.reload()
    editor.page.wait_for_function("() => document.querySelectorAll('article.node').length == 7")
    assert editor.document() == before


def test_the_undo_list_leads_back_to_any_point(editor: Any) -> None:
    before = editor.document()
    editor.pick("5")
    editor.keys("Delete", "u")
    steps = editor.page.get_by_role("complementary", name="Undo list")
    expect(steps.get_by_role("button", name="Delete a node")).to_have_attribute("aria-current", "step")
    steps.get_by_role("button", name="Opened").click()
    assert editor.document() == before


def test_a_file_without_a_workflow_is_refused_in_words(editor: Any, tmp_path: Path) -> None:
    path = tmp_path / "poem.json"
    path.write_text('{"roses": "red"}')
    before = editor.document()
    editor.page.set_input_files("#open-file", path)
    editor.page.get_by_text("This file holds no workflow.").wait_for()
    assert editor.document() == before
