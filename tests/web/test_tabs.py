"""Tabs and saved workflows: several documents are open, each is kept, and none is closed unasked."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect


@pytest.fixture
def tabs(editor: Any) -> Any:
    """The names of the open documents; that in front ends with a star when it has changes."""

    def names() -> list[str]:
        told: list[str] = editor.page.evaluate(
            "() => [...document.querySelectorAll('.tab')].map((tab) =>"
            " (tab.querySelector('input')?.value ?? tab.querySelector('.tab-name').innerText)"
            " + (tab.querySelector('.bar-changed') ? '*' : ''))"
        )
        return told

    return names


def choose(editor: Any, words: str) -> None:
    """Open a workflow of the list."""
    editor.keys("Control+o")
    editor.page.keyboard.type(words)
    editor.page.locator(".palette-row", has_text=words).first.click()


def wait_for_nodes(editor: Any, count: int) -> None:
    editor.page.wait_for_function(f"() => document.querySelectorAll('article.node').length == {count}")


def test_each_tab_keeps_its_document_and_its_undo_list_and_survives_a_reload(editor: Any, tabs: Any) -> None:
    choose(editor, "two pass")
    wait_for_nodes(editor, 12)
    editor.pick("5")
    editor.keys("Delete")
    assert tabs() == ["text_to_image", "two_pass*"]
    editor.keys("Alt+PageUp")
    wait_for_nodes(editor, 8)
    editor.keys("Control+z")
    wait_for_nodes(editor, 8)
    editor.keys("Alt+PageDown")
    wait_for_nodes(editor, 11)
    editor.keys("Control+z")
    wait_for_nodes(editor, 12)
    editor.keys("Control+Shift+z")
    editor.document()
    editor.page.reload()
    wait_for_nodes(editor, 11)
    assert tabs() == ["text_to_image", "two_pass*"], "what was not saved is still marked"


def test_a_second_window_leaves_the_tabs_of_the_first_alone(editor: Any) -> None:
    editor.pick("5")
    editor.keys("Delete")
    editor.document()
    second = editor.page.context.new_page()
    second.goto(editor.page.url)
    second.wait_for_function("() => document.querySelectorAll('article.node').length == 8")
    second.close()
    assert len(editor.document()["nodes"]) == 7


def test_a_workflow_is_saved_on_the_server_and_found_again(editor: Any, tabs: Any) -> None:
    editor.pick("5")
    editor.keys("Delete")
    editor.keys("Control+Shift+s")
    field = editor.page.get_by_role("textbox", name="Name", exact=True)
    field.fill("mine/apple")
    editor.keys("Enter")
    editor.page.get_by_text("Saved mine/apple").wait_for()
    assert tabs() == ["mine/apple"]
    editor.pick("4")
    editor.keys("Delete", "Control+s")
    editor.page.wait_for_function("() => !document.querySelector('.bar-changed')")
    editor.keys("Alt+w")
    choose(editor, "mine/apple")
    wait_for_nodes(editor, 6)
    editor.keys("Control+Shift+s")
    editor.keys("Enter")
    asked = editor.page.get_by_role("dialog", name="Save as")
    asked.get_by_text("There is a workflow called mine/apple already.").wait_for()
    asked.get_by_role("button", name="Replace").click()
    asked.wait_for(state="detached")


def test_a_tab_with_changes_asks_before_it_is_closed(editor: Any, tabs: Any) -> None:
    editor.keys("Alt+n")
    editor.keys("Alt+w")
    assert tabs() == ["text_to_image"], "one without changes asks nothing"
    editor.pick("5")
    editor.keys("Delete", "Alt+w")
    asked = editor.page.get_by_role("dialog", name="Keep the changes of text_to_image?")
    asked.get_by_role("button", name="Cancel").click()
    assert tabs() == ["text_to_image*"]
    editor.keys("Alt+w")
    asked.get_by_role("button", name="Do not save").click()
    assert tabs() == [""]
    editor.page.get_by_text("Double-click to add a node").wait_for()


def test_what_runs_in_one_tab_lights_up_no_node_of_another(editor: Any) -> None:
    editor.keys("Control+d")  # nothing is chosen: nothing happens
    editor.node("6").get_by_role("spinbutton", name="seed").click()
    editor.page.keyboard.type("777")
    editor.keys("Enter", "Control+Enter")
    choose(editor, "two pass")
    wait_for_nodes(editor, 12)
    queue = editor.page.url.rstrip("/") + "/safelight/queue"

    def idle() -> bool:
        told = editor.page.request.get(queue).json()
        return not told["running"] and not told["waiting"]

    editor.until(idle, "the run never ended")
    expect(editor.page.locator("article[data-phase]")).to_have_count(0)
    editor.keys("Alt+PageUp")
    editor.node("8").locator("img").wait_for()
    expect(editor.node("6").locator("article[data-phase=done], article[data-phase=cached]")).to_have_count(1)


def test_what_a_workflow_lacks_is_said_and_shown(editor: Any, graph: Any, tmp_path: Path) -> None:
    editor.open(
        graph(("CheckpointLoaderSimple", {"ckpt_name": "lost.safetensors"}), ("SomebodysNode", {})), tmp_path
    )
    told = editor.page.get_by_role("dialog", name="This workflow needs what is not here")
    told.get_by_role("button", name="lost.safetensors").wait_for()
    told.get_by_role("button", name="SomebodysNode").click()
    expect(editor.node("2").locator("article[data-selected]")).to_have_count(1)
    told.get_by_role("button", name="Close").click()
    told.wait_for(state="detached")


def test_a_graph_is_exported_as_python(editor: Any) -> None:
    editor.keys("Control+k")
    editor.page.keyboard.type("export as python")
    with editor.page.expect_download() as download:
        editor.keys("Enter")
    assert download.value.suggested_filename == "text_to_image.py"
    text = Path(download.value.path()).read_text()
    ast.parse(text)
    assert "KSampler(" in text
    assert "workflow.run()" in text
