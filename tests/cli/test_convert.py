"""`safelight convert`: the API format."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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


PACK = """
print("a pack that prints")

class Loud:
    CATEGORY, FUNCTION, RETURN_TYPES = "text", "run", ("STRING",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"text": ("STRING", {"default": ""}), "times": ("INT", {"default": 1})}}

    def run(self, text, times):
        return (text.upper() * times,)

NODE_CLASS_MAPPINGS = {"Loud": Loud}
"""


def test_values_of_an_allowed_packs_nodes_get_their_names(command: Any, tmp_path: Path) -> None:
    pack = tmp_path / "data" / "custom_nodes" / "loud" / "__init__.py"
    pack.parent.mkdir(parents=True)
    pack.write_text(PACK)
    node = {"id": 1, "type": "Loud", "widgets_values": ["hello", 3], "inputs": [], "outputs": []}
    (tmp_path / "a.json").write_text(json.dumps({"version": 0.4, "nodes": [node], "links": []}))
    place = ("--data", tmp_path / "data")
    assert "text" not in command("convert", tmp_path / "a.json", *place).tree["1"]["inputs"]
    command("packs", "allow", "loud", *place)
    done = command("convert", tmp_path / "a.json", *place)
    assert done.tree["1"]["inputs"] == {"text": "hello", "times": 3}


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


def test_numbers_that_json_cannot_say_are_null_and_half_a_character_is_an_escape(
    command: Any, tmp_path: Path
) -> None:
    node = '{"id": 1, "type": "KSampler", "title": "\\ud83d", "widgets_values": [1, "fixed", 20, NaN]}'
    (tmp_path / "odd.json").write_text(f'{{"nodes": [{node}], "links": []}}')
    done = command("convert", tmp_path / "odd.json")
    assert json.loads(done.out, parse_constant=pytest.fail)["1"]["inputs"]["cfg"] is None
    assert done.tree["1"]["_meta"]["title"] == "\ud83d"


@pytest.mark.parametrize("to", ["api", "editor", "python"])
def test_what_goes_into_a_file_is_utf_8_whatever_the_terminal_shows(to: str, tmp_path: Path) -> None:
    tree = {"nodes": [{"id": 1, "type": "PreviewAny", "title": "é 漢 🦊"}], "links": []}
    (tmp_path / "a.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    words = [sys.executable, "-m", "safelight", "convert", str(tmp_path / "a.json"), "--to", to]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, check=True)
    assert "é 漢 🦊" in done.stdout.decode("utf-8")


def test_a_script_has_the_values_as_a_run_reads_them(command: Any, tmp_path: Path) -> None:
    size = {"width": "8", "height": 8.0, "batch_size": 1, "color": 0, "bogus": 1}
    image = {"class_type": "EmptyImage", "inputs": size, "_meta": {"title": "Print"}}
    shown = {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}
    (tmp_path / "a.json").write_text(json.dumps({"1": image, "3": shown}))
    done = command("convert", tmp_path / "a.json", "--to", "python")
    assert "EmptyImage(width=8, height=8, batch_size=1, color=0)" in done.out
    assert "'8' was read as 8" in done.err
    exec(compile(done.out, "script.py", "exec"), {"__name__": "script"})
