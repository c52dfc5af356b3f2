"""Files of one part each, in every way that they are named, against the checkpoint that they are from."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from safelight.diffusion import checkpoint, lone, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.handle import Handle
from safelight.diffusion.plan import Plan
from safelight.diffusion.single import UNET, VAE

WIDTHS = {48: "clip_l", 64: "clip_h", 80: "clip_g"}
"""The text encoders of the narrow models that tests make."""


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lone, "ENCODERS", WIDTHS)


@pytest.fixture
def models(original: Callable[[str], Path]) -> Callable[[str], Checkpoint]:
    return lambda family: checkpoint.load(original(family), digest=family * 8)


def written(tmp_path: Path, name: str, tensors: dict[str, Tensor]) -> Path:
    path = tmp_path / f"{name}.safetensors"
    save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, path)
    return path


def below(path: Path, prefix: str) -> dict[str, Tensor]:
    tensors = load_file(path)
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}


def module(handle: Handle | None, plan: Plan) -> dict[str, Tensor]:
    assert handle is not None
    with residency.lend(handle, plan) as thing:
        tensors = thing.tensors() if hasattr(thing, "tensors") else thing.module.state_dict()
        return {name: tensor.clone() for name, tensor in tensors.items()}


def equal(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("family", ["sd15", "sd2", "sdxl", "sdxl_refiner"])
@pytest.mark.parametrize("names", ["bare", "prefixed", "diffusers"])
def test_a_unet_alone_is_that_of_the_checkpoint(
    tmp_path: Path, models: Callable[[str], Checkpoint], plan: Plan, family: str, names: str
) -> None:
    model = models(family).model
    tensors = below(Path(model.source.path), UNET)
    if names == "prefixed":
        tensors = {UNET + name: tensor for name, tensor in tensors.items()}
    if names == "diffusers":
        tensors = {name: tensor.half() for name, tensor in module(model, plan).items()}
    found = lone.unet(written(tmp_path, "unet", tensors), f"{family}{names}")
    assert found.source.family == family
    assert equal(module(found, plan), module(model, plan))
    residency.release()


@pytest.mark.parametrize("names", ["bare", "prefixed", "diffusers", "old diffusers"])
def test_a_vae_alone_is_that_of_the_checkpoint(
    tmp_path: Path, models: Callable[[str], Checkpoint], plan: Plan, names: str
) -> None:
    whole = models("sd15").vae
    tensors = below(Path(models("sd15").model.source.path), VAE)
    if names == "prefixed":
        tensors = {VAE + name: tensor for name, tensor in tensors.items()}
    if "diffusers" in names:
        tensors = {name: tensor.half() for name, tensor in module(whole, plan).items()}
    if names == "old diffusers":
        for new, old in lone.OLD_ATTENTION.items():
            tensors = {
                name.replace(f"attentions.0.{new}.", f"attentions.0.{old}."): t for name, t in tensors.items()
            }
        assert "encoder.mid_block.attentions.0.query.weight" in tensors
    found = lone.vae(written(tmp_path, "vae", tensors), names)
    assert equal(module(found, plan), module(whole, plan))


@pytest.mark.parametrize(
    ("family", "prefix"),
    [
        ("sd15", "cond_stage_model.transformer."),
        ("sd2", "cond_stage_model.model."),
        ("sdxl_refiner", "conditioner.embedders.0.model."),
    ],
)
def test_a_text_encoder_alone_is_that_of_the_checkpoint(
    tmp_path: Path, models: Callable[[str], Checkpoint], plan: Plan, family: str, prefix: str
) -> None:
    whole = models(family)
    path = written(tmp_path, "clip", below(Path(whole.model.source.path), prefix))
    found = lone.clip([(path, family)])
    assert found.source.family == family
    assert equal(module(found, plan), module(whole.clip, plan))


@pytest.mark.parametrize("turned", [False, True])
def test_two_text_encoders_are_sdxls_in_any_order(
    tmp_path: Path, models: Callable[[str], Checkpoint], plan: Plan, turned: bool
) -> None:
    whole = models("sdxl")
    expected = module(whole.clip, plan)
    first = below(Path(whole.model.source.path), "conditioner.embedders.0.transformer.")
    second = {
        (name[2:] if "projection" in name else f"text_model.{name[2:]}"): tensor.half()
        for name, tensor in expected.items()
        if name.startswith("1.")
    }
    files = [(written(tmp_path, "l", first), "l"), (written(tmp_path, "g", second), "g")]
    found = lone.clip(files[::-1] if turned else files)
    assert found.source.family == "sdxl"
    assert equal(module(found, plan), expected)


def test_the_key_follows_the_contents_of_both_files(
    tmp_path: Path, models: Callable[[str], Checkpoint], plan: Plan
) -> None:
    path = Path(models("sdxl").model.source.path)
    first = written(tmp_path, "l", below(path, "conditioner.embedders.0.transformer."))
    second = written(tmp_path, "g", below(path, "conditioner.embedders.1.model."))
    keys = {lone.clip([(first, "1"), (second, digest)]).key for digest in ("2", "3", "3")}
    assert len(keys) == 2


def test_what_a_file_does_not_hold_is_told(tmp_path: Path, models: Callable[[str], Checkpoint]) -> None:
    other = written(tmp_path, "other", {"weight": torch.zeros(2)})
    for make, part in ((lone.unet, "UNet"), (lone.vae, "VAE")):
        with pytest.raises(ModelFileError, match=rf"other\.safetensors holds no {part}"):
            make(other, "")
    with pytest.raises(ModelFileError, match="holds no text encoder"):
        lone.clip([(other, "")])
    path = Path(models("sd15").model.source.path)
    encoder = written(tmp_path, "l", below(path, "cond_stage_model.transformer."))
    with pytest.raises(ModelFileError, match=r"l\.safetensors and l\.safetensors"):
        lone.clip([(encoder, "1"), (encoder, "1")])
