"""`safelight run`: what can be asked for, and how the answer is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from safelight.cli.variation import variations
from safelight.compat import Document
from safelight.core.folder import Folders
from safelight.core.registry import Registry

ROOT = Path(__file__).resolve().parents[2]


def test_what_a_node_shows_is_printed_and_nothing_else(command: Any, greeting: Path) -> None:
    done = command("run", greeting)
    assert (done.code, done.out) == (0, "Hello world\n")
    assert done.err.splitlines()[-1].endswith("4 nodes ran")


def test_of_moving_pictures_the_path_alone_is_printed(command: Any, tmp_path: Path) -> None:
    pictures = {"width": 64, "height": 64, "batch_size": 2, "color": 0}
    saving = {"images": ["1", 0], "filename_prefix": "a", "fps": 6.0, "compress_level": 4}
    graph = {
        "1": {"class_type": "EmptyImage", "inputs": pictures},
        "2": {"class_type": "SaveAnimatedPNG", "inputs": saving},
    }
    file = tmp_path / "moving.json"
    file.write_text(json.dumps(graph))
    done = command("run", file, "--out", tmp_path / "out")
    assert (done.code, done.out) == (0, f"{tmp_path / 'out' / 'a_00001_.png'}\n")


def test_json_is_one_object_with_status_outputs_and_nodes(command: Any, greeting: Path) -> None:
    done = command("run", greeting, "--json")
    assert set(done.tree) == {"status", "seconds", "outputs", "nodes", "errors", "notices"}
    assert done.tree["status"] == "done"
    assert done.tree["outputs"] == [{"node": "4", "kind": "text", "path": None, "text": "Hello world"}]
    assert set(done.tree["nodes"]) == {"1", "2", "3", "4"}
    assert set(done.tree["nodes"]["3"]) == {"type", "state", "seconds", "why"}
    assert done.tree["nodes"]["3"]["type"] == "StringConcatenate"


@pytest.mark.parametrize("name", ["2.value", "Name.value"])
def test_an_input_is_set_by_id_or_title(command: Any, greeting: Path, name: str) -> None:
    assert command("run", greeting, "--set", f"{name}=moon").out == "Hello moon\n"


def test_an_input_is_set_by_type_in_place_of_a_wire(command: Any, greeting: Path) -> None:
    done = command("run", greeting, "--set", "StringConcatenate.string_b=a=b, c")
    assert done.out == "Hello a=b, c\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nam.value=x", "no node is called 'Nam'. Did you mean 'Name'?"),
        ("PrimitiveString.value=x", "means several nodes: '1' (PrimitiveString, 'Greeting'), '2'"),
        ("Name.valeu=x", "input 'valeu': it has no such input. Did you mean 'value'?"),
        ("Name.value", "Write --set NODE.INPUT=VALUE"),
        ("Name=x", "Write --set NODE.INPUT=VALUE"),
        ("Show.source=x", "it takes * from a link, not a value"),
    ],
)
def test_a_bad_set_is_told(command: Any, greeting: Path, text: str, told: str) -> None:
    done = command("run", greeting, "--set", text)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert "nothing was run: 1 problem" in done.err


def test_a_sweep_runs_all_combinations_in_order(command: Any, greeting: Path) -> None:
    sweep = ("--sweep", "Greeting.value=Hi,Bye", "--sweep", 'Name.value=you,"me, too"')
    done = command("run", greeting, *sweep)
    assert done.out == "Hi you\nHi me, too\nBye you\nBye me, too\n"
    assert "value = Hi, value = me, too:" in done.err
    tree = command("run", greeting, *sweep, "--json").tree
    assert tree["runs"][1]["values"] == {"Greeting.value": "Hi", "Name.value": "me, too"}
    assert len(tree["outputs"]) == 4


@pytest.mark.parametrize(
    ("sweep", "told"),
    [
        ("KSampler.steps=1,0", "input 'steps': 0 is below the minimum 1"),
        ("CheckpointLoaderSimple.ckpt_name=emoji,gone", "there is no file 'gone'"),
        ("KSampler.steps=", "names no values"),
        ("KSampler.model=1,2", "it takes MODEL from a link, not a value"),
    ],
)
def test_a_sweep_with_one_bad_value_runs_nothing(command: Any, tmp_path: Path, sweep: str, told: str) -> None:
    done = command("run", ROOT / "workflows" / "text_to_image.json", "--sweep", sweep)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert list((tmp_path / "data" / "output").iterdir()) == []


def test_only_what_is_named_runs(command: Any, greeting: Path) -> None:
    done = command("run", greeting, "--only", "Greeting", "--json")
    assert set(done.states) == {"1"}
    assert done.tree["outputs"] == [{"node": "1", "kind": "value", "path": None, "text": "Hello"}]
    assert command("run", greeting, "--only", "Join").out == "3.STRING: Hello world\n"


def test_explain_says_why_each_node_ran(command: Any, greeting: Path) -> None:
    first = command("run", greeting, "--explain")
    assert "because it has not run before" in first.out
    second = command("run", greeting, "--explain", "--set", "Name.value=moon")
    assert "because 'value' changed 'world' -> 'moon'" in second.out
    third = command("run", greeting, "--explain", "--set", "Name.value=moon")
    assert "4   Show      hit (disk)" in third.out
    assert "hit (memory), hit (disk): its result was kept from before" in third.out


def test_what_was_read_with_tolerance_is_told_once(command: Any, tmp_path: Path) -> None:
    inputs = {"string": "abcdef", "start": "1", "end": 3.0}
    nodes = {
        "a": {"class_type": "StringSubstring", "inputs": inputs},
        "b": {"class_type": "PreviewAny", "inputs": {"source": ["a", 0]}},
    }
    path = tmp_path / "loose.json"
    path.write_text(json.dumps(nodes))
    done = command("run", path, "--json")
    assert done.tree["outputs"][0]["text"] == "bc"
    assert len(done.tree["notices"]) == 2
    assert done.err.count("note: node 'a' (StringSubstring), input 'start': '1' was read as 1.") == 1


def test_a_bad_setting_in_the_data_folder_is_told(command: Any, greeting: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.json").write_text('{"precision": "fastest"}')
    done = command("run", greeting)
    assert (done.code, done.out) == (2, "")
    assert "'precision': 'fastest' must be one of auto, fp32, fast" in done.err


def test_a_device_that_is_not_there_is_told(command: Any, greeting: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.json").write_text('{"device": "cuda:77"}')
    done = command("run", greeting)
    assert done.code == 1
    assert "cuda:77" in done.err


def test_a_workflow_without_anything_to_show_is_told(command: Any, tmp_path: Path) -> None:
    path = tmp_path / "mute.json"
    path.write_text('{"1": {"class_type": "PrimitiveString", "inputs": {"value": "x"}}}')
    done = command("run", path)
    assert done.code == 2
    assert "there is nothing to run" in done.err


def test_a_reader_that_stops_early_is_no_failure_to_report(greeting: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "safelight", "nodes", "--json", "--data", tmp_path / "data"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 1


def test_a_prefix_that_leads_out_is_refused_before_anything_is_run(command: Any, tmp_path: Path) -> None:
    nodes = {
        "1": {"class_type": "EmptyImage", "inputs": {}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "../../evil"}},
    }
    path = tmp_path / "evil.json"
    path.write_text(json.dumps(nodes))
    done = command("run", path, "--json")
    assert (done.code, done.tree["status"], done.tree["nodes"]) == (2, "invalid", {})
    assert "leads out of its folder" in done.err
    assert "nothing was run: 1 problem" in done.err


def test_half_a_character_is_refused_before_anything_is_run(command: Any, greeting: Path) -> None:
    done = command("run", greeting, "--set", "Name.value=\ud800 x")
    assert (done.code, done.out) == (2, "")
    assert "node '2' (PrimitiveString, 'Name'), input 'value': '\\ud800 x' holds half a character" in done.err


def test_a_body_that_refuses_an_input_has_failed_while_running(command: Any, tmp_path: Path) -> None:
    prefix = {"class_type": "StringConcatenate", "inputs": {"string_a": "../..", "string_b": "evil"}}
    nodes = {
        "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": ["3", 0]}},
        "3": {**prefix, "inputs": {**prefix["inputs"], "delimiter": "/"}},
    }
    path = tmp_path / "evil.json"
    path.write_text(json.dumps(nodes))
    done = command("run", path, "--json")
    assert (done.code, done.tree["status"], done.states["2"]) == (1, "failed", "failed")
    assert "node '2' (SaveImage)" in done.err
    assert "nothing was run" not in done.err
    assert "failed after" in done.err


def test_a_sweep_s_summary_counts_each_run_of_a_node(command: Any, greeting: Path) -> None:
    done = command("run", greeting, "--sweep", "Name.value=a,b,c")
    assert "3 variations, 10 nodes ran, 2 results were kept from before" in done.err


def test_names_that_explain_prints_name_nodes(command: Any, tmp_path: Path) -> None:
    nodes = {
        "1": {"class_type": "PrimitiveString", "inputs": {"value": "Hello"}},
        "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
    }
    path = tmp_path / "plain.json"
    path.write_text(json.dumps(nodes))
    explained = command("run", path, "--explain").out
    name = next(line for line in explained.splitlines() if line.startswith("1 ")).split()[1]
    assert name == "Text"
    assert command("run", path, "--set", f"{name.lower()}.value=Bye").out == "Bye\n"
    assert command("run", path, "--only", name).out == "1.STRING: Hello\n"


def test_choices_in_an_editor_s_texts_are_made_and_told(command: Any, tmp_path: Path) -> None:
    text = {"id": 1, "type": "CLIPTextEncode", "widgets_values": ["{red|red} fox // no"]}
    text["inputs"] = [{"name": "clip", "type": "CLIP", "link": None}]
    path = tmp_path / "choice.json"
    path.write_text(json.dumps({"nodes": [text], "links": [], "version": 0.4}))
    document, registry = Document.read(path), Registry().load("nodes")
    (one,) = variations(document, registry, Folders(tmp_path), [], [])
    assert one.graph["1"].inputs["text"] == one.prompt["1"]["inputs"]["text"] == "red fox "
    assert one.workflow is not None
    assert one.workflow["nodes"][0]["widgets_values"] == ["red fox "]
    assert "the choice made in this text is 'red fox '" in str(one.notices[0])


def test_a_title_that_no_terminal_can_show_is_printed_with_escapes(greeting: Path, tmp_path: Path) -> None:
    tree = json.loads(greeting.read_text())
    tree["1"]["_meta"]["title"] = "\ud800 odd"
    greeting.write_text(json.dumps(tree))
    words = [sys.executable, "-m", "safelight", "run", greeting, "--explain", "--data", tmp_path / "data"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "\\ud800 odd" in done.stdout
