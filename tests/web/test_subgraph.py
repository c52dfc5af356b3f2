"""Subgraphs: made, looked into, edited, run, unpacked; and what a file says of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect


def _group(editor: Any, *ids: str) -> str:
    """Put nodes into a subgraph and give its node's id."""
    for n, id in enumerate(ids):
        editor.pick(id, many=n > 0)
    editor.keys("Control+Shift+E", "Escape")
    editor.page.locator(".node[data-subgraph]").wait_for()
    id: str = editor.page.locator(".react-flow__node:has(.node[data-subgraph])").get_attribute("data-id")
    return id


def _enter(editor: Any, id: str) -> None:
    editor.node(id).locator(".node-enter").click()
    editor.page.locator(".trail").wait_for()
    editor.rest()


def _save(editor: Any) -> dict[str, Any]:
    with editor.page.expect_download() as download:
        editor.keys("Control+Alt+s")
    tree: dict[str, Any] = json.loads(Path(download.value.path()).read_text())
    return tree


def test_chosen_nodes_become_one_with_their_wires_and_undo_is_exact(editor: Any) -> None:
    before = editor.document()
    id = _group(editor, "6", "7")
    assert {f"2.0 > {id}.model", f"{id}.0 > 8.images"} <= editor.wires()
    after = editor.document()
    editor.keys("Control+z")
    assert editor.document() == before
    editor.keys("Control+Shift+z")
    assert editor.document() == after
    editor.pick(id)
    editor.keys("Control+Shift+U")
    assert len(editor.document()["nodes"]) == len(before["nodes"])
    assert "subgraphs" not in editor.document() or editor.document()["subgraphs"] == []


def test_a_subgraph_that_is_chosen_is_outlined_as_other_nodes_are(editor: Any) -> None:
    id = _group(editor, "6", "7")
    ring = "(one) => getComputedStyle(one).getPropertyValue('box-shadow').includes('1.5px')"
    shown = editor.node(id).locator("article")
    editor.pick(id)
    editor.until(lambda: shown.evaluate(ring), "the chosen subgraph has no outline")
    editor.pick("8")
    editor.until(lambda: not shown.evaluate(ring), "the outline stayed")


def test_a_subgraph_is_entered_edited_and_left_by_its_trail(editor: Any) -> None:
    id = _group(editor, "6", "7")
    editor.rest()
    box = editor.node(id).bounding_box()
    editor.page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)
    editor.page.locator(".trail").wait_for()
    editor.rest()
    ids = editor.page.locator(".react-flow__node").evaluate_all("all => all.map((one) => one.dataset.id)")
    assert sorted(ids) == ["6", "7", "input", "output"]
    editor.drag(editor.socket("6", "out:0"), editor.socket("output", "in:1"))
    editor.page.locator(".trail button").first.click()
    expect(editor.page.locator(".trail")).to_have_count(0)
    expect(editor.node(id).locator(".dot[data-handleid^=out]")).to_have_count(2)
    editor.keys("Control+z")  # leads to where it was done
    expect(editor.page.locator(".trail")).to_have_count(1)
    editor.keys("Escape", "Escape")
    expect(editor.node(id).locator(".dot[data-handleid^=out]")).to_have_count(1)


def test_a_value_is_shown_on_the_subgraph_and_the_file_is_one_that_others_read(
    editor: Any, tmp_path: Path
) -> None:
    id = _group(editor, "6", "7")
    _enter(editor, id)
    editor.node("6").locator('[data-input="denoise"]').click(button="right")
    editor.page.get_by_role("menuitem", name="Show denoise on the subgraph").click()
    editor.keys("Escape", "Escape")
    field = editor.node(id).locator('[data-input="denoise"] .field')
    editor.rest()
    field.click()
    editor.page.keyboard.type("0.5")
    editor.keys("Enter")
    values = editor.values(id)
    assert values["denoise"] == 0.5
    saved = _save(editor)
    (definition,) = saved["definitions"]["subgraphs"]
    assert [one["name"] for one in definition["inputs"]][-1] == "denoise"
    (instance,) = (one for one in saved["nodes"] if str(one["id"]) == id)
    assert instance["widgets_values"][-1] == 0.5
    path = tmp_path / "saved.json"
    path.write_text(json.dumps(saved))
    done = subprocess.run(
        [sys.executable, "-m", "safelight", "check", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    editor.open(saved, tmp_path, "again.json")
    assert editor.values(id) == values
    again = _save(editor)
    assert again == saved


def test_what_the_form_asks_for_goes_along_into_a_subgraph_and_out_again(editor: Any) -> None:
    asked = {"seed", "steps", "cfg"}
    pins = ".pin-button[aria-pressed=true]"
    id = _group(editor, "6", "7")
    expect(editor.node(id).locator(pins)).to_have_count(len(asked))
    assert {one.get_attribute("data-input") for one in editor.node(id).locator("[data-input]").all()} == asked
    editor.pick(id)
    editor.keys("Control+Shift+U")
    (sampler,) = (one["id"] for one in editor.document()["nodes"] if one["type"] == "KSampler")
    expect(editor.node(sampler).locator(pins)).to_have_count(len(asked))


@pytest.mark.slow
def test_a_run_shows_on_the_subgraph_and_on_the_nodes_within(editor: Any) -> None:
    id = _group(editor, "6", "7")
    editor.keys("Control+Enter")
    # Where others ran the same before, all of it is found instead of made.
    ended = ':is([data-phase="done"], [data-phase="cached"])'
    editor.page.locator(f'.react-flow__node[data-id="{id}"] .node{ended}').wait_for()
    _enter(editor, id)
    assert editor.node("6").locator(".node").get_attribute("data-phase") in ("done", "cached")
