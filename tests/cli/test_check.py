"""`safelight check`: every problem of a file, told without running it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / "workflows").glob("*.json"))


def test_the_workflows_that_ship_are_fine_before_anything_was_run(command: Any, tmp_path: Path) -> None:
    done = command("check", *WORKFLOWS)
    assert (done.code, done.out) == (0, "".join(f"{path}: fine\n" for path in WORKFLOWS))
    assert not (tmp_path / "data").exists()


def test_it_takes_no_torch() -> None:
    code = "import sys; from safelight import cli; print(cli.main(), 'torch' in sys.modules)"
    words = [sys.executable, "-c", code, "check", *map(str, WORKFLOWS)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "0 False"


def test_every_problem_is_told_with_its_place_and_remedy(command: Any, tmp_path: Path) -> None:
    nodes: dict[str, Any] = {
        "1": {"class_type": "StringSubstring", "inputs": {"string": "abc", "start": 0}},
        "2": {"class_type": "CaseConverter", "inputs": {"string": ["1", 0], "mode": "Uppercase"}},
        "3": {"class_type": "PreviewAny", "inputs": {"source": ["2", 0]}},
        "4": {"class_type": "StringTrimm", "inputs": {}},
        "5": {"class_type": "CLIPTextEncode", "inputs": {"text": "x"}},
    }
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(nodes))
    done = command("check", path)
    assert done.code == 2
    lines = done.out.splitlines()
    assert lines[0] == f"{path}: 3 problems"
    assert "  node '4': no node type 'StringTrimm'. Did you mean 'StringTrim'?" in lines
    assert "  node '1' (StringSubstring), input 'end': it has no value. Set it in the node." in lines
    assert any("input 'mode': 'Uppercase' is not one of its choices" in line for line in lines)
    (idle,) = [line for line in lines if line.startswith("  note:")]
    assert "node '5' (CLIPTextEncode), input 'clip': nothing is connected" in idle
    assert "Nothing that is run needs this node" in idle


def test_several_files_are_counted_and_the_worst_decides(command: Any, tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("no")
    done = command("check", WORKFLOWS[0], tmp_path / "no.json", tmp_path / "gone.json")
    assert done.code == 2
    assert "no.json: 1 problem" in done.out
    assert "gone.json' cannot be read" in done.out
    assert done.err == "3 files checked, 2 with problems\n"


def test_models_that_the_file_names_are_told_with_where_they_can_be_had(command: Any, tmp_path: Path) -> None:
    tree = json.loads((ROOT / "workflows" / "text_to_image.json").read_text())
    model = {"name": "big.safetensors", "url": "https://example.org/big", "directory": "checkpoints"}
    loader = next(node for node in tree["nodes"] if node["type"] == "CheckpointLoaderSimple")
    loader["properties"]["models"] = [model]
    loader["widgets_values"] = ["big.safetensors"]
    path = tmp_path / "big.json"
    path.write_text(json.dumps(tree))
    done = command("check", path)
    assert done.code == 2
    assert done.out.startswith(f"{path}: 1 problem\n")
    assert "no file 'big.safetensors' in models/checkpoints" in done.out
    assert "https://example.org/big" in done.out


def test_a_workflow_that_shows_nothing_is_told(command: Any, tmp_path: Path) -> None:
    path = tmp_path / "mute.json"
    path.write_text('{"1": {"class_type": "PrimitiveString", "inputs": {"value": "x"}}}')
    assert "there is nothing to run" in command("check", path).out


def checkpoint_workflow(path: Path, name: str) -> Path:
    tree = json.loads((ROOT / "workflows" / "text_to_image.json").read_text())
    loader = next(node for node in tree["nodes"] if node["type"] == "CheckpointLoaderSimple")
    loader["widgets_values"] = [name]
    path.write_text(json.dumps(tree))
    return path


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("cut.safetensors", b"\x00\x01\x00\x00\x00\x00\x00\x00{", "cut.safetensors is cut short"),
        ("old.ckpt", b"PK\x03\x04 and so on", "old.ckpt is a pickle"),
        ("odd.safetensors", b"\x02\x00\x00\x00\x00\x00\x00\x00{}", "odd.safetensors"),
    ],
)
def test_a_checkpoint_that_cannot_be_read_is_told(
    command: Any, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    folder = tmp_path / "data" / "models" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    done = command("check", checkpoint_workflow(tmp_path / "work.json", name))
    assert done.code == 2
    assert "1 problem\n" in done.out
    assert f"input 'ckpt_name': {told}" in done.out


def test_texts_that_no_node_could_use_are_told(command: Any, tmp_path: Path) -> None:
    nodes = {
        "1": {"class_type": "PrimitiveString", "inputs": {"value": "\ud800 x"}},
        "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
        "3": {"class_type": "SaveImage", "inputs": {"images": ["4", 0], "filename_prefix": "../../evil"}},
        "4": {"class_type": "EmptyImage", "inputs": {}},
    }
    path = tmp_path / "texts.json"
    path.write_text(json.dumps(nodes))
    done = command("check", path)
    assert done.code == 2
    assert "node '1' (PrimitiveString), input 'value': '\\ud800 x' holds half a character" in done.out
    assert "node '3' (SaveImage), input 'filename_prefix': " in done.out


def test_what_a_run_would_replace_is_not_called_missing(command: Any, tmp_path: Path) -> None:
    picture = {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}}
    both = {"class_type": "ImageBatch", "inputs": {"image1": ["1", 0], "image2": ["1", 0]}}
    shown = {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}}
    path = tmp_path / "given_up.json"
    path.write_text(json.dumps({"1": picture, "2": both, "3": shown}))
    assert command("check", path).out == f"{path}: fine\n"


def test_a_loop_is_checked_before_it_is_run(command: Any, tmp_path: Path) -> None:
    start = {"mode": "simple", "mode.num_iterations": 2, "initial_iteration_value": ["1", 0]}
    nodes: dict[str, Any] = {
        "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}},
        "2": {"class_type": "StartLoop", "inputs": start},
        "3": {"class_type": "ImageInvert", "inputs": {"image": ["2", 4]}},
        "4": {
            "class_type": "EndLoop",
            "inputs": {"output_value": ["3", 0], "next_iteration_value": ["3", 0]},
        },
        "5": {"class_type": "PreviewImage", "inputs": {"images": ["4", 0]}},
    }
    path = tmp_path / "loop.json"
    path.write_text(json.dumps(nodes))
    assert command("check", path).out == f"{path}: fine\n"
    start["mode.num_iterations"] = 1_000_000
    nodes["5"]["inputs"]["images"] = ["3", 0]
    path.write_text(json.dumps(nodes))
    out = command("check", path).out
    assert "input 'mode.num_iterations': 1000000 is above the maximum 10000" in out
    nodes["6"] = {"class_type": "PreviewImage", "inputs": {"images": ["4", 0]}}
    nodes["3"]["inputs"]["image"] = ["1", 0]
    path.write_text(json.dumps(nodes))
    assert "node '4' (EndLoop): no StartLoop leads to it. Connect a StartLoop" in command("check", path).out
