"""Saved models: what was not changed is as it was, what was merged is in the file, and it can be loaded."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from safelight.diffusion import checkpoint, export, lone, merge, overlay, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import Patch
from safelight.diffusion.plan import Plan
from safelight.diffusion.single import UNET


@pytest.fixture
def models(original: Callable[[str], Path]) -> Callable[[str], Checkpoint]:
    return lambda family: checkpoint.load(original(family), digest=family * 8)


@pytest.mark.parametrize("family", ["sd15", "sd2", "sd2_upscaler", "sdxl", "sdxl_refiner"])
def test_a_model_goes_from_file_to_file_bit_for_bit(
    tmp_path: Path, models: Callable[[str], Checkpoint], plan: Plan, family: str
) -> None:
    model, clip, vae = models(family)
    path = tmp_path / "saved.safetensors"
    export.checkpoint(path, model, clip, vae, plan=plan)
    before, after = load_file(model.source.path), load_file(path)
    assert after.keys() == before.keys()
    assert all(after[name].dtype == torch.float16 for name in after)
    assert all(torch.equal(after[name], before[name]) for name in after)
    residency.release()


def test_a_merge_with_a_lora_is_saved_as_it_is_used(
    tmp_path: Path, models: Callable[[str], Checkpoint], plan: Plan
) -> None:
    model = models("sd15").model
    lora = tmp_path / "lora.safetensors"
    save_file({"unet.conv_in.diff_b": torch.ones(32)}, lora)
    mixed = merge.mixed(model, model.patched(Patch("lora", "1", (("strength", 1.0),), str(lora))), 0.5, 0.5)
    path = tmp_path / "merged.safetensors"
    export.checkpoint(path, mixed, None, None, plan=plan, prompt={"1": 2}, workflow={"nodes": []}, none=None)
    name = f"{UNET}input_blocks.0.0.bias"
    before, after = load_file(model.source.path)[name], load_file(path)[name]
    torch.testing.assert_close(after, (before.float() + 0.5).half(), atol=1e-3, rtol=1e-3)
    assert checkpoint.load(path, "").clip is None
    with safe_open(path, framework="pt") as file:
        told = file.metadata()
    assert json.loads(told["prompt"]) == {"1": 2}
    assert json.loads(told["workflow"]) == {"nodes": []}
    assert told["modelspec.architecture"] == "stable-diffusion-v1"
    assert "none" not in told
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith(".part")] == []


@pytest.mark.parametrize("kept", [True, False], ids=["as its file does", "as a patch does"])
def test_a_model_that_predicts_v_says_so(
    tmp_path: Path, models: Callable[[str], Checkpoint], plan: Plan, kept: bool
) -> None:
    tensors = load_file(models("sdxl").model.source.path)
    marked = tmp_path / "marked.safetensors"
    save_file(tensors | {"v_pred": torch.empty(0), "ztsnr": torch.empty(0)}, marked)
    plain = models("sdxl").model
    patched = overlay.resampled(plain, "discrete", prediction="v", zsnr=True)
    path = tmp_path / "saved.safetensors"
    export.checkpoint(path, checkpoint.load(marked, "v").model if kept else patched, None, None, plan=plan)
    with residency.lend(checkpoint.load(path, str(kept)).model, plan) as network:
        assert network.sampling.prediction == "v"
        assert network.sampling.sigma_max > 1000, "and that its last step is noise alone"
    residency.release()


def test_parts_are_saved_alone_and_loaded_again(
    tmp_path: Path, models: Callable[[str], Checkpoint], plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lone, "ENCODERS", {48: "clip_l", 80: "clip_g"})
    monkeypatch.setattr(export, "ENCODERS", lone.ENCODERS)
    _, clip, vae = models("sdxl")
    assert clip is not None
    assert vae is not None
    assert export.encoder_names(clip) == ("clip_l", "clip_g")
    files = []
    for place, name in enumerate(export.encoder_names(clip)):
        files.append((tmp_path / f"{name}.safetensors", name))
        export.encoder(files[-1][0], clip, place, plan=plan)
    export.vae(tmp_path / "vae.safetensors", vae, plan=plan)
    for before, after in ((clip, lone.clip(files)), (vae, lone.vae(tmp_path / "vae.safetensors", "vae"))):
        with residency.lend(before, plan) as one, residency.lend(after, plan) as other:
            first, second = (
                thing.tensors() if hasattr(thing, "tensors") else thing.module.state_dict()
                for thing in (one, other)
            )
            assert first.keys() == second.keys()
            assert all(torch.equal(first[name], second[name]) for name in first)


def test_what_a_single_file_cannot_hold_is_refused(
    tmp_path: Path, models: Callable[[str], Checkpoint], emoji: Checkpoint, plan: Plan
) -> None:
    with pytest.raises(UnsupportedError, match="no place for"):
        export.checkpoint(tmp_path / "a.safetensors", emoji.model, None, None, plan=plan)
    assert emoji.vae is not None
    with pytest.raises(UnsupportedError, match="emoji/vae is of a kind"):
        export.vae(tmp_path / "a.safetensors", emoji.vae, plan=plan)
    with pytest.raises(UnsupportedError, match="2 text encoders, not 1"):
        export.checkpoint(
            tmp_path / "a.safetensors", models("sdxl").model, models("sd15").clip, None, plan=plan
        )
    vae = models("sd15").vae
    assert vae is not None
    with pytest.raises(ModelFileError, match="cannot be written"):
        export.vae(tmp_path / "no" / "folder.safetensors", vae, plan=plan)
    assert list(tmp_path.iterdir()) == []
