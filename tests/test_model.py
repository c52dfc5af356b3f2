"""What is told of a model file, without reading its weights."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from PIL import Image
from safetensors.numpy import save_file

from safelight import home
from safelight.model import describe, guess, models

LORA = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight"


def file(path: Path, tensors: dict[str, tuple[int, ...]], dtype: str = "float16", **metadata: str) -> Path:
    arrays = {name: numpy.zeros(shape, dtype) for name, shape in tensors.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(arrays, path, metadata or None)
    return path


@pytest.mark.parametrize(
    ("width", "family"),
    [(768, "Stable Diffusion 1"), (1024, "Stable Diffusion 2"), (2048, "Stable Diffusion XL")],
)
def test_the_family_of_a_lora_is_told_from_its_shapes(tmp_path: Path, width: int, family: str) -> None:
    path = file(tmp_path / "a.safetensors", {LORA: (4, width)})
    one = describe("loras", "a.safetensors", path)
    assert (one.family, one.precision, one.problem) == (family, "fp16", "")
    assert one.size == path.stat().st_size


def test_the_family_that_a_file_states_is_believed(tmp_path: Path) -> None:
    stated = {"modelspec.architecture": "stable-diffusion-xl-v1-base/lora", "modelspec.title": "Ink"}
    one = describe("loras", "a", file(tmp_path / "a.safetensors", {"x": (1,)}, **stated))
    assert (one.family, one.title) == ("Stable Diffusion XL", "Ink")


def test_the_embedded_model_is_told() -> None:
    folders = home.folders(Path("nowhere"))
    [emoji] = [one for one in models(folders, ["checkpoints"]) if one.name == "emoji"]
    assert (emoji.variant, emoji.precision, emoji.problem) == ("diffusers folder", "fp16", "")


def test_words_that_call_a_lora_come_from_what_it_states_then_notes_then_captions(tmp_path: Path) -> None:
    captions = json.dumps({"10_cat": {"cat": 3, "grass ": 9}, "5_dog": {"cat": 4}})
    path = file(tmp_path / "a.safetensors", {LORA: (4, 768)}, ss_tag_frequency=captions)
    assert describe("loras", "a", path).triggers == ("grass", "cat")
    (tmp_path / "a.json").write_text(json.dumps({"activation text": "inkstyle"}))
    assert describe("loras", "a", path).triggers == ("inkstyle",)
    path = file(
        path, {LORA: (4, 768)}, **{"modelspec.trigger_phrase": "said so", "ss_tag_frequency": captions}
    )
    assert describe("loras", "a", path).triggers == ("said so",)


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"a": {"b": "c"}}', "[" * 100_000])
def test_damaged_captions_are_passed_over(tmp_path: Path, text: str) -> None:
    path = file(tmp_path / "a.safetensors", {LORA: (4, 768)}, ss_tag_frequency=text)
    assert describe("loras", "a", path).triggers == ()


def test_the_picture_beside_a_model_is_its_thumbnail(tmp_path: Path) -> None:
    path = file(tmp_path / "a.safetensors", {LORA: (4, 768)})
    Image.new("RGB", (8, 8)).save(tmp_path / "a.preview.png")
    assert describe("loras", "a", path).thumbnail == tmp_path / "a.preview.png"


def test_a_file_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"\x00" * 20)
    assert describe("loras", "a", tmp_path / "a.safetensors").problem
    (tmp_path / "b.ckpt").write_bytes(b"\x80\x02}q\x00.")
    assert "pickle" in describe("checkpoints", "b", tmp_path / "b.ckpt").problem
    assert "cannot be read" in describe("loras", "gone", tmp_path / "gone.safetensors").problem


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (LORA, "loras"),
        ("input_hint_block.0.weight", "controlnet"),
        ("cond_stage_model.transformer.x", "checkpoints"),
        ("model.diffusion_model.input_blocks.0.0.weight", "diffusion_models"),
        ("text_model.encoder.layers.0.mlp.fc1.weight", "text_encoders"),
        ("vision_model.embeddings.class_embedding", "clip_vision"),
        ("visual.class_embedding", "clip_vision"),
        ("style_embedding", "style_models"),
        ("decoder.conv_in.weight", "vae"),
        ("model.1.sub.0.RDB1.conv1.0.weight", "upscale_models"),
        ("something", ""),
    ],
)
def test_the_folder_that_a_file_belongs_into_is_told_from_its_header(
    tmp_path: Path, name: str, kind: str
) -> None:
    assert guess(file(tmp_path / "a.safetensors", {name: (1, 1)})) == kind


def test_models_are_told_without_torch() -> None:
    code = "import sys; from pathlib import Path; from safelight import home\n"
    code += "from safelight.model import models\n"
    code += "print(len(list(models(home.folders(Path('x'))))), 'torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["1", "False"]
