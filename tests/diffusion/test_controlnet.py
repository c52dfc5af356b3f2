"""ControlNet and T2I-Adapter files of each layout, and files that are neither."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import ControlNetModel, T2IAdapter
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from safelight.diffusion import checkpoint, controlnet, residency, steering
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import ControlNetHandle
from safelight.diffusion.layout import AdapterNames, ControlNames
from safelight.diffusion.plan import Plan
from safelight.diffusion.single import definition

PLAN = Plan(threads=1)
HINT = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(3))


@pytest.fixture(autouse=True)
def without_weights() -> Iterator[None]:
    yield
    residency.release()


def config(family: str, **changes: Any) -> dict[str, Any]:
    """The config of a narrow ControlNet of a family."""
    shared = {
        name: value for name, value in definition(family)["unet"].items() if name not in controlnet.NOT_SHARED
    }
    widths = {"sd15": [32, 64, 64, 64], "sdxl": [160] * 3}[family]
    hint = {"conditioning_embedding_out_channels": [4, 8, 8, 16]}
    return shared | hint | {"block_out_channels": widths} | changes


def random(module: nn.Module) -> nn.Module:
    """The module with weights that are nowhere zero."""
    torch.manual_seed(5)
    with torch.no_grad():
        for weight in module.parameters():
            weight.normal_(std=0.05)
    return module.eval()


def net(family: str = "sd15", **changes: Any) -> ControlNetModel:
    return random(ControlNetModel(**config(family, **changes)))


def adapter(kind: str = "full_adapter", grey: bool = False) -> T2IAdapter:
    widths = {"full_adapter": [32, 64, 64, 64], "full_adapter_xl": [160] * 4, "light_adapter": [32, 64, 64]}
    layers, cell = (4 if kind == "light_adapter" else 2), (16 if kind == "full_adapter_xl" else 8)
    return random(T2IAdapter(1 if grey else 3, widths[kind], layers, cell, kind))


def saved(
    folder: Path, module: nn.Module, names: Callable[[str], str] = str, file: str = "c", **more: Tensor
) -> ControlNetHandle:
    path = folder / f"{file}.safetensors"
    save_file({names(name): tensor.contiguous() for name, tensor in module.state_dict().items()} | more, path)
    return controlnet.load(path, digest(path))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def told(family: str) -> tuple[Tensor, Tensor, Tensor, dict[str, Tensor]]:
    """What the UNet and its ControlNet are told at one step."""
    generator = torch.Generator().manual_seed(7)
    width = definition(family)["unet"]["cross_attention_dim"]
    x, context = (torch.randn(shape, generator=generator) for shape in ((2, 4, 8, 8), (2, 7, width)))
    extras = {"text_embeds": torch.ones(2, 1280), "time_ids": torch.ones(2, 6)} if family == "sdxl" else {}
    return x, torch.tensor([3.0, 700.0]), context, extras


def check_net(handle: ControlNetHandle, theirs: ControlNetModel, family: str) -> None:
    x, timestep, context, extras = told(family)
    with residency.lend(handle, PLAN) as ours, torch.no_grad():
        said = ours(HINT, 0.5, x, timestep, context, extras)
        skips, middle = theirs(x, timestep, context, HINT, 0.5, added_cond_kwargs=extras, return_dict=False)
    assert len(said.skips) == len(skips)
    assert all(map(torch.equal, said.skips, skips))
    assert torch.equal(said.middle[0], middle)
    assert steering.size(handle, PLAN) == sum(weight.nbytes for weight in theirs.parameters())


def check_adapter(handle: ControlNetHandle, theirs: T2IAdapter) -> None:
    with residency.lend(handle, PLAN) as ours, torch.no_grad():
        hint = HINT.mean(1, keepdim=True) if theirs.config.in_channels == 1 else HINT
        assert all(map(torch.equal, ours.features(HINT), theirs(hint)))
    assert ours.cell == theirs.downscale_factor
    assert steering.size(handle, PLAN) == sum(weight.nbytes for weight in theirs.parameters())


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
@pytest.mark.parametrize("prefix", ["control_model.", ""])
def test_an_original_controlnet_is_diffusers_own(tmp_path: Path, family: str, prefix: str) -> None:
    theirs = net(family)
    names = ControlNames(config(family))
    check_net(saved(tmp_path, theirs, lambda name: prefix + names(name)), theirs, family)


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_a_file_in_diffusers_names_is_diffusers_own(tmp_path: Path, family: str) -> None:
    theirs = net(family)
    check_net(saved(tmp_path, theirs), theirs, family)


def test_a_small_controlnet_that_attends_to_no_text_is_known_by_what_it_lacks(tmp_path: Path) -> None:
    small = {"down_block_types": ["DownBlock2D"] * 3, "mid_block_type": "UNetMidBlock2D"}
    theirs = net("sdxl", transformer_layers_per_block=1, **small)
    check_net(saved(tmp_path, theirs), theirs, "sdxl")


def test_a_folder_is_diffusers_own(tmp_path: Path) -> None:
    theirs = net("sd15", controlnet_conditioning_channel_order="bgr")
    theirs.save_pretrained(tmp_path)
    check_net(controlnet.load(tmp_path, "f" * 64), theirs, "sd15")


def test_the_shuffle_controlnet_says_the_same_everywhere(tmp_path: Path) -> None:
    handle = saved(tmp_path, net(), file="control_v11e_sd15_shuffle_fp16")
    with residency.lend(handle, PLAN) as ours, torch.no_grad():
        said = ours(HINT, 1.0, *told("sd15"))
    assert said.skips[0].shape[-2:] == (1, 1)


@pytest.mark.parametrize("kind", ["full_adapter", "full_adapter_xl", "light_adapter"])
def test_an_adapter_is_diffusers_own_in_each_layout(tmp_path: Path, kind: str) -> None:
    theirs = adapter(kind)
    check_adapter(saved(tmp_path, theirs, AdapterNames(kind == "light_adapter")), theirs)
    check_adapter(saved(tmp_path, theirs, file="d"), theirs)
    theirs.save_pretrained(tmp_path / "folder")
    check_adapter(controlnet.load(tmp_path / "folder", kind), theirs)


def test_an_adapter_for_sketches_sees_grey(tmp_path: Path) -> None:
    theirs = adapter(grey=True)
    check_adapter(saved(tmp_path, theirs), theirs)


def test_a_difference_needs_its_model(tmp_path: Path, original: Callable[[str], Path]) -> None:
    path = original("sd15")
    model = checkpoint.load(path, "a" * 64).model
    names = ControlNames(config("sd15"))
    theirs = net()
    with pytest.raises(ModelFileError, match="difference to a model"):
        saved(tmp_path, theirs, names, difference=torch.zeros(1))
    handle = controlnet.load(tmp_path / "c.safetensors", "d" * 64, model)
    stored, whole = load_file(path), theirs.state_dict()
    for name in whole:
        base = stored.get(f"model.diffusion_model.{names(name)}")
        whole[name] = whole[name] if base is None else whole[name] + base.float()
    theirs.load_state_dict(whole)
    with residency.lend(handle, PLAN) as ours:
        assert all(torch.equal(tensor, whole[name]) for name, tensor in ours.tensors().items())
    assert controlnet.load(tmp_path / "c.safetensors", "d" * 64, model).key == handle.key


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("lora_controlnet", "Control-LoRA"),
        ("controlnet_blocks.0.weight", "diffusion transformer"),
        ("lora_unet_x.lora_up.weight", "not a ControlNet or T2I-Adapter"),
        ("input_hint_block.0.weight", "unknown family"),
        ("body.0.block1.weight", "lacks conv_in.weight"),
    ],
)
def test_other_files_are_told(tmp_path: Path, name: str, told: str) -> None:
    path = tmp_path / "other.safetensors"
    save_file({name: torch.zeros(1)}, path)
    with pytest.raises(ModelFileError, match=told):
        controlnet.component(controlnet.load(path, "o" * 64).source)


def test_a_folder_of_something_else_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"config\.json"):
        controlnet.load(tmp_path, "o" * 64)
    (tmp_path / "config.json").write_text('{"_class_name": "UNet2DConditionModel"}')
    with pytest.raises(ModelFileError, match="is a UNet2DConditionModel"):
        controlnet.load(tmp_path, "o" * 64)
    (tmp_path / "config.json").write_text('{"_class_name": "ControlNetModel"}')
    with pytest.raises(ModelFileError, match="holds no"):
        controlnet.component(controlnet.load(tmp_path, "o" * 64).source)


def test_a_controlnet_for_another_family_is_told(tmp_path: Path) -> None:
    handle = saved(tmp_path, net())
    x, timestep, context, _ = told("sdxl")
    with residency.lend(handle, PLAN) as ours, pytest.raises(UnsupportedError, match="768 wide"):
        ours(HINT, 1.0, x, timestep, context, {})
