"""`safelight convert`: the API format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def test_an_editor_file_becomes_nodes_by_id_with_named_inputs(command: Any) -> None:
    done = command("convert", ROOT / "workflows" / "text_to_image.json")
    assert (done.code, done.err) == (0, "")
    assert done.tree["6"]["class_type"] == "KSampler"
    assert done.tree["6"]["inputs"]["steps"] == 20
    assert done.tree["6"]["inputs"]["positive"] == ["3", 0]
    assert done.tree["3"]["_meta"] == {"title": "What to show"}


def test_what_it_prints_converts_to_itself(command: Any, tmp_path: Path) -> None:
    first = command("convert", ROOT / "workflows" / "inpaint.json")
    (tmp_path / "api.json").write_text(first.out)
    assert command("convert", tmp_path / "api.json").tree == first.tree


def test_what_is_no_workflow_is_told(command: Any, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(json.dumps([1]))
    done = command("convert", tmp_path / "list.json")
    assert (done.code, done.out) == (2, "")
    assert "is not a workflow" in done.err


def test_an_api_file_becomes_one_that_the_editor_opens_and_means_the_same(
    command: Any, tmp_path: Path
) -> None:
    api = command("convert", ROOT / "workflows" / "text_to_image.json")
    (tmp_path / "api.json").write_text(api.out)
    editor = command("convert", tmp_path / "api.json", "--to", "editor")
    places = {node["id"]: node["pos"][0] for node in editor.tree["nodes"]}
    assert all(places[link[1]] < places[link[3]] for link in editor.tree["links"])
    (tmp_path / "editor.json").write_text(editor.out)
    assert command("convert", tmp_path / "editor.json").tree == api.tree


def test_an_editor_file_stays_what_it_is(command: Any) -> None:
    path = ROOT / "workflows" / "text_to_image.json"
    assert command("convert", path, "--to", "editor").out == path.read_text()


def test_a_script_is_written(command: Any) -> None:
    done = command("convert", ROOT / "workflows" / "text_to_image.json", "--to", "python")
    compile(done.out, "script.py", "exec")
    assert "KSampler" in done.out
