"""Families by their headers, and what files that are no checkpoints are told to be."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from safelight.diffusion import checkpoint, single
from safelight.diffusion.failure import ModelFileError

FAMILIES = ("sd15", "sd2", "sd2_upscaler", "sdxl", "sdxl_refiner")
Original = Callable[[str], Path]


def load(path: Path) -> checkpoint.Checkpoint:
    return checkpoint.load(path, digest=str(path))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_file_is_of_the_family_that_its_header_shows(original: Original, family: str) -> None:
    found = load(original(family))
    assert found.model.source.family == family
    assert found.clip is not None
    assert found.vae is not None


def tiny(path: Path, **tensors: tuple[int, ...]) -> Path:
    save_file({name: torch.zeros(shape) for name, shape in tensors.items()}, path)
    return path


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lora_unet_down.lora_up.weight", "a LoRA"),
        ("control_model.input_hint_block.0.weight", "a ControlNet"),
        ("double_blocks.0.img_attn.weight", "a diffusion transformer"),
        ("decoder.conv_in.weight", "a VAE alone"),
        ("input_blocks.0.0.weight", "a UNet alone"),
        ("layers.0.weight", "no model that is known"),
    ],
)
def test_a_file_that_is_no_checkpoint_is_told_for_what_it_seems(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(ModelFileError, match=says):
        load(tiny(tmp_path / "a.safetensors", **{name: (1,)}))


def test_an_unknown_family_is_told_by_its_widths(tmp_path: Path) -> None:
    shapes = {
        "input_blocks.0.0.weight": (8, 4, 3, 3),
        "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (8, 99),
    }
    path = tiny(tmp_path / "a.safetensors", **{single.UNET + name: shape for name, shape in shapes.items()})
    with pytest.raises(ModelFileError, match=r"unknown family .text width 99"):
        load(path)


def test_models_for_inpainting_and_editing_are_known_by_their_channels(tmp_path: Path) -> None:
    def model(channels: int) -> Path:
        shapes = {
            "input_blocks.0.0.weight": (8, channels, 3, 3),
            "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (8, 768),
        }
        named = {single.UNET + name: shape for name, shape in shapes.items()}
        return tiny(tmp_path / f"{channels}.safetensors", **named)

    assert [load(model(channels)).model.source.family for channels in (8, 9)] == ["sd15", "sd15"]
    with pytest.raises(ModelFileError, match="with 5 input channels"):
        load(model(5))
