"""The shipped model, a plan, and small files in the original layout, for every test of the library."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from safelight.diffusion import checkpoint, residency, single
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.layout import UnetNames, VaeNames, open_clip
from safelight.diffusion.plan import Plan
from safelight.diffusion.transformer import TextTransformer

WIDTHS = {
    "sd15": [32, 64, 64, 64],
    "sd2": [160] * 4,
    "sd2_upscaler": [64] * 4,
    "sdxl": [160] * 3,
    "sdxl_refiner": [96] * 4,
}
"""As narrow as each family's numbers of heads and norm groups allow."""


@pytest.fixture(scope="session")
def emoji() -> Checkpoint:
    return checkpoint.load(checkpoint.builtin()["emoji"], digest="e" * 64)


@pytest.fixture(scope="session")
def plan() -> Plan:
    return Plan(threads=1)


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Path]]:
    """A file of a family's original layout, narrow and with random weights in fp16, made once."""
    files: dict[str, Path] = {}

    def make(family: str) -> Path:
        if family not in files:
            path = tmp_path_factory.mktemp("models") / f"{family}.safetensors"
            save_file(original_tensors(family), path)
            files[family] = path
        return files[family]

    yield make
    residency.release()
    for file in files.values():
        file.unlink()


def original_tensors(family: str) -> dict[str, Tensor]:
    """What such a file holds: UNet, VAE, and text encoders of three layers."""
    from diffusers import AutoencoderKL, UNet2DConditionModel

    torch.manual_seed(7)
    shape = single.definition(family)
    unet_config = shape["unet"] | {"block_out_channels": WIDTHS[family]}
    levels = len(shape["vae"]["down_block_types"])
    vae_config = shape["vae"] | {"block_out_channels": [32, 32, 64, 64][:levels]}
    names = UnetNames(unet_config)
    tensors = renamed(UNet2DConditionModel(**unet_config), single.UNET, names)
    tensors |= renamed(AutoencoderKL(**vae_config), single.VAE, VaeNames(vae_config))
    for text in shape["text"]:
        model = TextTransformer(narrow(text["config"]), projection="projection_dim" in text["config"])
        for weight in model.parameters():
            nn.init.normal_(weight, std=0.1)
        tensors |= (open_clip_tensors if text["layout"] == "open_clip" else clip_tensors)(
            model, text["prefix"]
        )
    return {name: tensor.half().contiguous() for name, tensor in tensors.items()}


def narrow(config: dict[str, int]) -> dict[str, int]:
    """A text encoder's config with three layers, each head four wide."""
    width = 4 * config["num_attention_heads"]
    return config | {
        "hidden_size": width,
        "intermediate_size": 3 * width,
        "projection_dim": width,
        "num_hidden_layers": 3,
    }


def renamed(module: nn.Module, prefix: str, names: Callable[[str], str]) -> dict[str, Tensor]:
    tensors = {prefix + names(name): tensor for name, tensor in module.state_dict().items()}
    for name, tensor in tensors.items():
        if ".attn_1." in name and tensor.ndim == 2:
            tensors[name] = tensor[..., None, None]
    return tensors


def clip_tensors(model: nn.Module, prefix: str) -> dict[str, Tensor]:
    return {f"{prefix}.text_model.{name}": tensor for name, tensor in model.state_dict().items()}


def open_clip_tensors(model: nn.Module, prefix: str) -> dict[str, Tensor]:
    state, tensors = model.state_dict(), {}
    for name, tensor in state.items():
        if ".q_proj." in name:
            tensor = torch.cat([tensor, *(state[name.replace("q_proj", f"{other}_proj")] for other in "kv")])
        if ".k_proj." not in name and ".v_proj." not in name:
            tensors[f"{prefix}.{open_clip(name)}"] = tensor.T if name == "text_projection.weight" else tensor
    return tensors
