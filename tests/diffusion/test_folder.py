"""Model folders: variants and shards of files, older names, and what is missing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from safelight.diffusion import builtin, checkpoint, residency, text
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.plan import Plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(builtin.builtin()["emoji"], tmp_path / "model")
    return tmp_path / "model"


def load(folder: Path, digest: str = "f") -> checkpoint.Checkpoint:
    return checkpoint.load(folder, digest=f"{folder}{digest}")


def test_the_shipped_model_has_all_parts(emoji: checkpoint.Checkpoint) -> None:
    assert emoji.model.source.family == "folder"
    assert (emoji.model.source.part, emoji.clip.source.part, emoji.vae.source.part) == ("unet", "clip", "vae")


def test_a_folder_without_vae_or_text_encoder_has_none(folder: Path) -> None:
    shutil.rmtree(folder / "vae")
    shutil.rmtree(folder / "text_encoder")
    assert load(folder)[1:] == (None, None)


def test_nothing_but_configs_is_read_until_a_part_is_lent(folder: Path, plan: Plan) -> None:
    for file in folder.rglob("*.safetensors"):
        file.unlink()
    found = load(folder)
    with pytest.raises(ModelFileError, match=r"holds no \.safetensors"), residency.lend(found.model, plan):
        pass


def test_weights_in_shards_are_put_together(folder: Path, plan: Plan, emoji: checkpoint.Checkpoint) -> None:
    whole = folder / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(whole)
    names = sorted(tensors)
    for number, part in enumerate((names[:100], names[100:]), start=1):
        shard = folder / "unet" / f"diffusion_pytorch_model-0000{number}-of-00002.safetensors"
        save_file({name: tensors[name] for name in part}, shard)
    whole.unlink()
    assert_same_unet(load(folder), emoji, plan)


def test_a_variant_is_read_only_where_the_plain_weights_are_missing(
    folder: Path, plan: Plan, emoji: checkpoint.Checkpoint
) -> None:
    whole = folder / "unet" / "diffusion_pytorch_model.safetensors"
    variant = folder / "unet" / "diffusion_pytorch_model.fp16.safetensors"
    save_file({name: tensor * 0 for name, tensor in load_file(whole).items()}, variant)
    assert_same_unet(load(folder), emoji, plan)
    variant.unlink()
    whole.rename(variant)
    assert_same_unet(load(folder, "variant"), emoji, plan)


def assert_same_unet(ours: checkpoint.Checkpoint, theirs: checkpoint.Checkpoint, plan: Plan) -> None:
    with residency.lend(ours.model, plan) as one, residency.lend(theirs.model, plan) as two:
        mine, other = one.module.state_dict(), two.module.state_dict()
        assert all(torch.equal(mine[name], other[name]) for name in other)
        assert {tensor.dtype for tensor in mine.values()} == {torch.float32}


def test_text_encoders_saved_by_older_libraries_are_read(
    folder: Path, plan: Plan, emoji: checkpoint.Checkpoint
) -> None:
    file = folder / "text_encoder" / "model.safetensors"
    save_file({f"text_model.{name}": tensor for name, tensor in load_file(file).items()}, file)
    ((ours, _),) = text.encode(load(folder).clip, "a ghost", plan=plan)
    ((theirs, _),) = text.encode(emoji.clip, "a ghost", plan=plan)
    assert torch.equal(ours, theirs)


def without_index(folder: Path) -> None:
    (folder / "model_index.json").unlink()


def with_broken_index(folder: Path) -> None:
    (folder / "model_index.json").write_text("{")


def with_another_unet(folder: Path) -> None:
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(
        json.dumps(index | {"unet": ["diffusers", "UNet3DConditionModel"]})
    )


def with_a_transformer(folder: Path) -> None:
    index = json.loads((folder / "model_index.json").read_text())
    del index["unet"]
    index["transformer"] = ["diffusers", "FluxTransformer2DModel"]
    (folder / "model_index.json").write_text(json.dumps(index))


def with_t5(folder: Path) -> None:
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(
        json.dumps(index | {"text_encoder": ["transformers", "T5EncoderModel"]})
    )


def with_odd_inputs(folder: Path) -> None:
    config = json.loads((folder / "unet" / "config.json").read_text())
    (folder / "unet" / "config.json").write_text(json.dumps(config | {"in_channels": 5}))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (with_t5, "T5EncoderModel as its text_encoder"),
        (with_odd_inputs, "has 5 input channels"),
        (without_index, r"no model_index\.json"),
        (with_broken_index, "cannot be read"),
        (with_another_unet, "UNet3DConditionModel as its unet, which is not known"),
        (with_a_transformer, "FluxTransformer2DModel"),
    ],
)
def test_a_folder_that_is_no_known_model_is_refused_at_once(
    folder: Path, damage: Callable[[Path], None], says: str
) -> None:
    damage(folder)
    with pytest.raises(ModelFileError, match=says):
        load(folder)


def test_pickled_weights_in_a_folder_are_refused(folder: Path, plan: Plan) -> None:
    (folder / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    torch.save({}, folder / "unet" / "diffusion_pytorch_model.bin")
    with pytest.raises(ModelFileError, match="pickle"), residency.lend(load(folder).model, plan):
        pass


def test_truncated_weights_are_told_before_anything_is_loaded(folder: Path, plan: Plan) -> None:
    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(ModelFileError, match="cut short"), residency.lend(load(folder).model, plan):
        pass
