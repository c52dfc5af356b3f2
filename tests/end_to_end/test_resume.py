"""Killed in the middle of sampling, a command goes on where it was when given again, to the same pixels."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
TEXT_TO_IMAGE = ROOT / "workflows" / "text_to_image.json"
STEPS = 24
KILLED_AT = (1, 9, 17)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for runs that nothing disturbs."""
    return tmp_path_factory.mktemp("undisturbed")


@pytest.mark.parametrize("sampler", ["euler", "euler_ancestral", "heun", "dpmpp_2m", "ddim"])
def test_sampling_goes_on_after_each_kill(
    zygote: Any, tmp_path: Path, undisturbed: Path, sampler: str
) -> None:
    settings = ("--set", f"KSampler.steps={STEPS}", "--set", f"KSampler.sampler_name={sampler}", "--json")
    expected = zygote.run("run", TEXT_TO_IMAGE, *settings, "--data", undisturbed).pixels
    step = 0
    for point in KILLED_AT:
        zygote.start("run", TEXT_TO_IMAGE, *settings, "--data", tmp_path)
        step = zygote.kill(tmp_path, max(point, step + 1))
    done = zygote.run("run", TEXT_TO_IMAGE, *settings, "--data", tmp_path)
    assert done.why["6"] == f"resumed at step {step} of {STEPS}"
    assert done.pixels == expected
    assert list((tmp_path / "cache" / "checkpoints").iterdir()) == []


def test_a_batch_goes_on_at_the_item_and_step_where_it_was_killed(zygote: Any, tmp_path: Path) -> None:
    workflow = tmp_path / "batch.json"
    workflow.write_text(json.dumps(batch_workflow()))
    for data in (tmp_path / "a", tmp_path / "b"):
        (data / "input" / "colours").mkdir(parents=True)
        for number in range(3):
            picture = Image.new("RGB", (64, 64), (80 * number, 40, 200))
            picture.save(data / "input" / "colours" / f"{number}.png")
    whole = zygote.run("run", workflow, "--json", "--data", tmp_path / "a")
    zygote.start("run", workflow, "--json", "--data", tmp_path / "b")
    wait_for(tmp_path / "b" / "output" / "batch_00001_.png")
    zygote.kill(tmp_path / "b", 5)
    done = zygote.run("run", workflow, "--json", "--data", tmp_path / "b", "--explain")
    assert done.why["sample"].startswith("resumed at step ")
    assert done.pixels == whole.pixels
    assert len(done.pixels) == 3
    assert len(list((tmp_path / "b" / "output").iterdir())) == 3


def batch_workflow() -> dict[str, Any]:
    """Three pictures, each painted over from noise, one after the other."""

    def node(type: str, **inputs: Any) -> dict[str, Any]:
        return {"class_type": type, "inputs": inputs}

    sampling = {"seed": 3, "steps": STEPS, "cfg": 4.0, "sampler_name": "euler", "scheduler": "normal"}
    prompts = {"positive": ["yes", 0], "negative": ["no", 0]}
    return {
        "model": node("CheckpointLoaderSimple", ckpt_name="emoji"),
        "yes": node("CLIPTextEncode", clip=["model", 1], text="a rocket"),
        "no": node("CLIPTextEncode", clip=["model", 1], text=""),
        "load": node("LoadImagesFromFolder", folder="colours", start=0, limit=3),
        "encode": node("VAEEncode", pixels=["load", 0], vae=["model", 2]),
        "sample": node(
            "KSampler", model=["model", 0], **sampling, **prompts, latent_image=["encode", 0], denoise=1.0
        ),
        "decode": node("VAEDecode", samples=["sample", 0], vae=["model", 2]),
        "save": node("SaveImage", images=["decode", 0], filename_prefix="batch"),
    }


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_a_fresh_interpreter_goes_on_as_well(
    popen: Any, zygote: Any, tmp_path: Path, undisturbed: Path
) -> None:
    settings = ("--set", "KSampler.steps=60", "--json", "--data")
    expected = zygote.run("run", TEXT_TO_IMAGE, *settings, undisturbed).pixels
    running = popen("run", TEXT_TO_IMAGE, *settings, tmp_path)
    zygote.reach(tmp_path, 1)
    running.kill()
    running.wait()
    step = zygote.half_done(tmp_path)
    done = zygote.run("run", TEXT_TO_IMAGE, *settings, tmp_path)
    assert done.why["6"] == f"resumed at step {step} of 60"
    assert done.pixels == expected
