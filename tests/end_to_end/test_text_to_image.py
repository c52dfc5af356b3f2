"""The first workflow, from a fresh data folder on: what runs, what is found, and what is loaded for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
TEXT_TO_IMAGE = ROOT / "workflows" / "text_to_image.json"
OTHERS = ("image_to_image", "inpaint", "tiled_upscale", "two_pass")
HEAVY = ("torch", "diffusers", "transformers", "numpy", "PIL")
WITHOUT_TORCH = f"""
import sys
from safelight import cli
code = cli.main(sys.argv[1:])
assert not set({HEAVY!r}) & set(sys.modules), "something heavy was imported"
sys.exit(code)
"""

run = ("run", TEXT_TO_IMAGE, "--json", "--data")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, zygote: Any) -> Path:
    """A data folder in which the workflow ran once; after each test an unchanged run still finds all."""
    folder: Path = tmp_path_factory.mktemp("data")
    assert zygote.run(*run, folder).code == 0
    return folder


def test_a_fresh_data_folder_and_a_fresh_interpreter_give_a_picture(process: Any, tmp_path: Path) -> None:
    done = process("run", TEXT_TO_IMAGE, "--data", tmp_path / "new")
    picture = tmp_path / "new" / "output" / "text_to_image_00001_.png"
    assert (done.code, done.out) == (0, f"{picture}\n")
    assert "KSampler  " in done.err
    assert done.err.splitlines()[-1].startswith("done in ")
    with Image.open(picture) as file:
        assert file.size == (64, 64)
        assert len(file.convert("RGB").getcolors(64 * 64) or []) > 100
        assert json.loads(file.info["workflow"]) == json.loads(TEXT_TO_IMAGE.read_text())
        assert json.loads(file.info["prompt"])["6"]["inputs"]["seed"] == 1
    assert (tmp_path / "new" / "input" / "sketch.png").is_file()
    assert (tmp_path / "new" / "models" / "checkpoints").is_dir()


def test_an_unchanged_run_in_a_new_process_computes_nothing_and_imports_no_torch(data: Path) -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WITHOUT_TORCH, *map(str, run), str(data), "--explain"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    tree = json.loads(done.stdout)
    assert {node["state"] for node in tree["nodes"].values()} == {"disk"}
    assert tree["seconds"] < 0.05
    assert [output["kind"] for output in tree["outputs"]] == ["image"]
    assert "hit (disk)" in done.stderr
    assert "nothing had to run" in done.stderr


def test_a_changed_seed_runs_what_depends_on_it_and_finds_the_rest_on_disk(zygote: Any, data: Path) -> None:
    done = zygote.run(*run, data, "--set", "KSampler.seed=7")
    assert done.states == {
        "2": "disk",
        "3": "disk",
        "4": "disk",
        "5": "disk",
        "6": "ran",
        "7": "ran",
        "8": "ran",
    }
    assert "because 'seed' changed 1 -> 7" in done.why["6"]
    assert "because node '6' (KSampler) gives something new" in done.why["7"]
    assert done.pixels != zygote.run(*run, data).pixels


def test_a_changed_prompt_runs_one_encoder_and_what_follows(zygote: Any, data: Path) -> None:
    done = zygote.run(*run, data, "--set", "What to show.text=a rocket", "--set", "KSampler.steps=4")
    assert [id for id, state in done.states.items() if state == "ran"] == ["3", "6", "7", "8"]
    assert "because 'text' changed" in done.why["3"]
    assert "-> 4" in done.why["6"]


def test_decoding_a_latent_from_disk_loads_the_vae_only(command: Any, data: Path) -> None:
    from safelight.diffusion import residency
    from safelight.diffusion.vae import Autoencoder

    settings = ("--set", "KSampler.seed=11", "--set", "KSampler.steps=2")
    assert command(*run, data, *settings, "--only", "KSampler").states["6"] == "ran"
    residency.release()
    done = command(*run, data, *settings)
    assert (done.states["6"], done.states["7"]) == ("disk", "ran")
    assert [type(one.thing) for one in residency._shared._residents.values()] == [Autoencoder]


def test_deleting_the_picture_makes_its_node_alone_run_again(zygote: Any, data: Path) -> None:
    picture = zygote.run(*run, data).pictures[0]
    before = picture.read_bytes()
    picture.unlink()
    done = zygote.run(*run, data)
    assert [id for id, state in done.states.items() if state == "ran"] == ["8"]
    assert f"the file {picture.name} is gone" in done.why["8"]
    assert done.pictures[0].read_bytes() == before


def test_a_picture_runs_as_the_workflow_that_it_carries(zygote: Any, data: Path) -> None:
    made = zygote.run(*run, data, "--set", "KSampler.seed=5", "--set", "KSampler.steps=3")
    again = zygote.run("run", made.pictures[0], "--json", "--data", data)
    assert set(again.states.values()) == {"disk"}
    assert again.pictures == made.pictures


def test_another_output_folder_saves_there_and_computes_nothing_else(
    zygote: Any, data: Path, tmp_path: Path
) -> None:
    done = zygote.run(*run, data, "--out", tmp_path / "there")
    assert done.pictures == [tmp_path / "there" / "text_to_image_00001_.png"]
    assert [id for id, state in done.states.items() if state == "ran"] == ["8"]


def test_nothing_is_looked_up_or_kept_without_the_cache(zygote: Any, tmp_path: Path) -> None:
    short = ("--set", "KSampler.steps=2", "--no-cache")
    first, second = (zygote.run(*run, tmp_path, *short) for _ in range(2))
    assert set(second.states.values()) == {"ran"}
    assert second.pixels == first.pixels
    assert not list((tmp_path / "cache").glob("results/*/*"))


def test_only_a_named_node_runs_and_its_value_is_told(zygote: Any, data: Path) -> None:
    done = zygote.run(*run, data, "--only", "What to show", "--only", "Size")
    assert set(done.states) == {"2", "3", "5"}
    told = {output["node"]: output["text"] for output in done.tree["outputs"]}
    assert told["5"].startswith("samples: float32 [1 x ")
    assert told["3"].startswith("((float32 [1 x 24 x 128] from ")


def test_a_sweep_runs_every_combination_and_lays_out_a_labelled_sheet(zygote: Any, data: Path) -> None:
    sweep = ("--sweep", "KSampler.cfg=2,4", "--sweep", "KSampler.steps=1,2,3", "--data", data)
    done = zygote.run("run", TEXT_TO_IMAGE, "--json", *sweep)
    assert [run["values"] for run in done.tree["runs"]] == [
        {"KSampler.cfg": cfg, "KSampler.steps": steps} for cfg in (2.0, 4.0) for steps in (1, 2, 3)
    ]
    assert len(done.pictures) == 7
    sheet = done.pictures[-1]
    assert sheet.name == "text_to_image_sweep_00001_.png"
    with Image.open(sheet) as file:
        assert file.width > file.height > 300  # three across, two down, enlarged
        assert "workflow" in file.info
    again = zygote.run("run", TEXT_TO_IMAGE, "--json", *sweep)
    assert (set(again.states.values()), again.pictures) == ({"disk"}, done.pictures)


@pytest.mark.parametrize("name", OTHERS)
def test_each_workflow_that_ships_makes_its_pictures(zygote: Any, data: Path, name: str) -> None:
    done = zygote.run("run", ROOT / "workflows" / f"{name}.json", "--json", "--data", data)
    assert (done.code, done.tree["errors"], done.tree["notices"]) == (0, [], [])
    assert done.pictures
    for picture in done.pictures:
        with Image.open(picture) as file:
            assert len(file.convert("RGB").getcolors(file.width * file.height) or []) > 100
