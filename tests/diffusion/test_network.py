"""The UNet against diffusers' own, and the stops inside a forward pass."""

import pytest
import torch
from diffusers import UNet2DConditionModel

from safelight.diffusion import builtin, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.plan import Plan


@pytest.fixture(scope="module")
def theirs() -> UNet2DConditionModel:
    folder = builtin.builtin()["emoji"] / "unet"
    return UNet2DConditionModel.from_pretrained(folder, torch_dtype=torch.float32)


def test_a_prediction_equals_diffusers_bit_for_bit(
    emoji: Checkpoint, plan: Plan, theirs: UNet2DConditionModel
) -> None:
    generator = torch.Generator().manual_seed(1)
    x, context = torch.randn(2, 4, 8, 8, generator=generator), torch.randn(2, 24, 128, generator=generator)
    timestep = torch.tensor([10.0, 700.0])
    with residency.lend(emoji.model, plan) as unet, torch.no_grad():
        assert torch.equal(unet(x, timestep, context), theirs(x, timestep, context).sample)


def test_a_bf16_prediction_is_float32_and_close(
    emoji: Checkpoint, plan: Plan, theirs: UNet2DConditionModel
) -> None:
    generator = torch.Generator().manual_seed(1)
    x, context = torch.randn(1, 4, 8, 8, generator=generator), torch.randn(1, 24, 128, generator=generator)
    timestep = torch.tensor([700.0])
    with residency.lend(emoji.model, Plan(dtype="bf16", threads=1)) as unet, torch.no_grad():
        ours, exact = unet(x, timestep, context), theirs(x, timestep, context).sample
    assert unet.dtype == torch.bfloat16
    assert ours.dtype == torch.float32
    assert 0 < (ours - exact).abs().max() / exact.std() < 0.1


def test_channels_last_predicts_the_same(emoji: Checkpoint, plan: Plan, theirs: UNet2DConditionModel) -> None:
    x, context = torch.randn(1, 4, 8, 8), torch.randn(1, 24, 128)
    with residency.lend(emoji.model, Plan(layout="channels_last", threads=1)) as unet, torch.no_grad():
        assert torch.allclose(unet(x, torch.tensor([5.0]), context), theirs(x, 5, context).sample, atol=1e-4)


def test_a_forward_pass_stops_at_the_block_where_the_check_raises(emoji: Checkpoint, plan: Plan) -> None:
    asked = []

    def check() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise KeyboardInterrupt

    x, timestep, context = torch.randn(1, 4, 8, 8), torch.tensor([5.0]), torch.randn(1, 24, 128)
    with residency.lend(emoji.model, plan) as unet:
        with pytest.raises(KeyboardInterrupt), unet.watch(check):
            unet(x, timestep, context)
        assert len(asked) == 3
        unet(x, timestep, context)
        assert len(asked) == 3


def test_an_sd_model_is_told_nothing_beside_the_text(emoji: Checkpoint, plan: Plan) -> None:
    with residency.lend(emoji.model, plan) as unet:
        assert unet.extras({"pooled_output": torch.zeros(1, 128)}, torch.zeros(1, 4, 8, 8)) == {}
