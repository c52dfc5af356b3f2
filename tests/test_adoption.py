"""Model folders of other programs, used where they lie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safelight import home
from safelight.adoption import a1111, comfy
from safelight.core.error import SafelightError


def made(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ComfyUI folder with a model of each way in, a picture, a workflow and a pack."""
    root = tmp_path / "ComfyUI"
    made(
        root / "models/checkpoints/sd/one.safetensors",
        root / "models/unet/two.safetensors",
        root / "models/clip/three.safetensors",
        root / "input/photo.png",
        root / "user/default/workflows/mine.json",
        root / "custom_nodes/pack/__init__.py",
        tmp_path / "elsewhere/loras/four.safetensors",
        tmp_path / "elsewhere/more loras/five.safetensors",
    )
    (root / "extra_model_paths.yaml").write_text(
        "disk:\n  base_path: ../elsewhere\n  is_default: true\n"
        "  loras: |\n    loras\n    more loras\n    gone\n"
    )
    return root


def test_models_of_a_comfyui_folder_are_found_by_the_names_that_its_workflows_have(
    folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    home.prepare(data)
    (data / "settings.json").write_text(json.dumps({"comfy": str(folder)}))
    folders = home.folders(data)
    assert "sd/one.safetensors" in folders.names("checkpoints")
    assert folders.names("diffusion_models") == ["two.safetensors"]
    assert folders.names("text_encoders") == ["three.safetensors"]
    assert folders.names("loras") == ["four.safetensors", "five.safetensors"]
    assert (
        folders.find("checkpoints", "sd\\one.safetensors") == folder / "models/checkpoints/sd/one.safetensors"
    )
    assert "photo.png" in folders.names("input")


def test_new_files_never_go_into_the_adopted_folder(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    home.prepare(data)
    (data / "settings.json").write_text(json.dumps({"comfy": str(folder)}))
    assert home.folders(data).root("input") == data / "input"
    assert home.folders(data).root("checkpoints") == data / "models" / "checkpoints"


def test_saved_workflows_and_packs_are_found(folder: Path) -> None:
    found = comfy(folder)
    assert [path.relative_to(folder).as_posix() for path in found.workflows] == ["user/default/workflows"]
    assert [path.relative_to(folder).as_posix() for path in found.packs] == ["custom_nodes"]


def test_the_variable_of_the_command_line_goes_before_the_setting(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"comfy": str(tmp_path / "nowhere")}))
    monkeypatch.setenv(home.COMFY, str(folder))
    assert "two.safetensors" in home.folders(tmp_path).names("diffusion_models")


def test_a_folder_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SafelightError, match="no ComfyUI folder: it has no folder 'models'"):
        comfy(tmp_path)
    with pytest.raises(SafelightError, match="no A1111 folder"):
        a1111(tmp_path)


@pytest.mark.parametrize("text", ["a: [", "\x00", "- 1", "a: !!python/object/apply:os.system ['true']"])
def test_a_damaged_list_of_paths_is_told_or_passed_over_and_never_run(folder: Path, text: str) -> None:
    (folder / "extra_model_paths.yaml").write_text(text)
    if text == "- 1":
        assert "checkpoints" in comfy(folder).models
    else:
        with pytest.raises(SafelightError, match=r"extra_model_paths\.yaml cannot be read"):
            comfy(folder)


def test_models_of_an_a1111_folder_are_found(tmp_path: Path) -> None:
    root = tmp_path / "webui"
    made(root / "models/Stable-diffusion/a.safetensors", root / "models/Lora/b.safetensors")
    made(root / "models/ESRGAN/c.pth", root / "embeddings/d.pt")
    (tmp_path / "settings.json").write_text(json.dumps({"a1111": str(root)}))
    folders = home.folders(tmp_path)
    assert "a.safetensors" in folders.names("checkpoints")
    assert folders.names("loras") == ["b.safetensors"]
    assert folders.names("upscale_models") == ["c.pth"]
    assert folders.names("embeddings") == ["d.pt"]
