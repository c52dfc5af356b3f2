"""Differences between models as LoRAs: as near as the rank allows, and what is loaded is what was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from safelight.diffusion import checkpoint, extraction, lora, merge, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.plan import Plan

MATRIX, CONVOLUTION, NORM = "mid_block.attentions.0.proj_in", "conv_out", "conv_norm_out"


def random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


@pytest.mark.parametrize("shape", [(7, 30), (30, 7), (12, 12)])
@pytest.mark.parametrize("rank", [1, 3, 40])
def test_the_part_of_a_low_rank_is_that_of_the_first_singular_values(
    shape: tuple[int, int], rank: int
) -> None:
    matrix = random(*shape)
    up, down = extraction.nearest(matrix, rank)
    u, s, v = torch.linalg.svd(matrix.double(), full_matrices=False)
    assert up.shape[1] == down.shape[0] == min(rank, *shape)
    torch.testing.assert_close(up @ down, (u[:, :rank] * s[:rank]) @ v[:rank], atol=1e-6, rtol=0)


@pytest.fixture
def patched(emoji: Checkpoint, tmp_path: Path) -> ModelHandle:
    """The model that ships with a LoRA of rank 2 at a matrix and a convolution, and another norm."""
    with residency.lend(emoji.model, Plan(threads=1)) as network:
        shapes = {name: tensor.shape for name, tensor in network.tensors().items()}
    tensors = {f"unet.{NORM}.diff": random(*shapes[f"{NORM}.weight"]), f"unet.{NORM}.diff_b": torch.ones(128)}
    for name in (MATRIX, CONVOLUTION):
        out, *rest = shapes[f"{name}.weight"]
        tensors |= {f"unet.{name}.lora_up.weight": random(out, 2, *(1 for _ in rest[1:]))}
        tensors |= {f"unet.{name}.lora_down.weight": random(2, *rest) * 0.1}
    save_file(tensors, tmp_path / "made.safetensors")
    made, _ = lora.attached(tmp_path / "made.safetensors", "1" * 64, emoji.model, None, 1.0, 0.0)
    return made


def weights(model: ModelHandle) -> dict[str, Tensor]:
    with residency.lend(model, Plan(threads=1)) as network:
        return {name: tensor.clone() for name, tensor in network.tensors().items()}


def again(path: Path, emoji: Checkpoint) -> dict[str, Tensor]:
    """The weights of the model that ships with the LoRA in a file."""
    return weights(lora.attached(path, path.stem.zfill(64), emoji.model, None, 1.0, 0.0)[0])


@pytest.mark.parametrize("whole", [False, True])
def test_the_model_with_the_extracted_lora_is_the_one_that_it_came_from(
    emoji: Checkpoint, patched: ModelHandle, tmp_path: Path, whole: bool
) -> None:
    path = tmp_path / f"{int(whole)}.safetensors"
    difference = merge.mixed(patched, emoji.model, 1.0, -1.0)
    extraction.lora(path, difference, None, 2, whole=whole, plan=Plan(threads=1), prompt={"1": 2}, none=None)
    wanted, made = weights(patched), again(path, emoji)
    assert max(float((made[name] - tensor).abs().max()) for name, tensor in wanted.items()) < 2e-3
    ends = {"diff", "diff_b"} if whole else {"lora_up.weight", "lora_down.weight", "diff", "diff_b"}
    assert {name.partition(".")[2] for name in load_file(path)} == ends
    assert len(load_file(path)) == (4 if whole else 6), "what is the same in both is left out"


def test_a_lower_rank_and_no_biases_keep_less(
    emoji: Checkpoint, patched: ModelHandle, tmp_path: Path
) -> None:
    path = tmp_path / "2.safetensors"
    difference = merge.mixed(patched, emoji.model, 1.0, -1.0)
    extraction.lora(path, difference, None, 1, biases=False, plan=Plan(threads=1))
    plain, wanted, made = weights(emoji.model), weights(patched), again(path, emoji)
    assert torch.equal(made[f"{NORM}.bias"], plain[f"{NORM}.bias"])
    change = (wanted[f"{MATRIX}.weight"] - plain[f"{MATRIX}.weight"]).flatten(1)
    kept = (made[f"{MATRIX}.weight"] - plain[f"{MATRIX}.weight"]).flatten(1)
    values = torch.linalg.svdvals(change)
    assert float((change - kept).norm()) == pytest.approx(float(values[1]), rel=0.01)


def test_two_text_encoders_are_told_apart(original: Callable[[str], Path], tmp_path: Path) -> None:
    clip = checkpoint.load(original("sdxl"), "x" * 64).clip
    assert clip is not None
    extraction.lora(tmp_path / "3.safetensors", None, clip, 1, plan=Plan(threads=1))
    names = {name.partition("_text_model")[0] for name in load_file(tmp_path / "3.safetensors")}
    assert names == {"lora_te1", "lora_te2", "lora_te2_text_projection.lora_up.weight"} | {
        "lora_te2_text_projection.lora_down.weight"
    }
    found, _ = lora.Adapter(tmp_path / "3.safetensors"), residency.release()
    with residency.lend(clip, Plan(threads=1)) as encoder:
        layers = encoder.aliases()
    assert {group.name for group in found.groups} <= set(layers)


def test_no_difference_is_refused(emoji: Checkpoint, tmp_path: Path) -> None:
    nothing = merge.mixed(emoji.model, emoji.model, 1.0, -1.0)
    with pytest.raises(UnsupportedError, match="no difference to save"):
        extraction.lora(tmp_path / "4.safetensors", nothing, None, 2, plan=Plan(threads=1))
    assert list(tmp_path.iterdir()) == []
