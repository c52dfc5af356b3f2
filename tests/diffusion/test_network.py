"""The UNet against diffusers' own, and the stops inside a forward pass."""

import pytest
import torch
from diffusers import DDIMScheduler, UNet2DConditionModel

from safelight.diffusion import builtin, network, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import UnsupportedError
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


def test_the_noise_levels_are_those_of_the_folders_scheduler(emoji: Checkpoint, plan: Plan) -> None:
    alphas = DDIMScheduler.from_pretrained(builtin.builtin()["emoji"] / "scheduler").alphas_cumprod.double()
    with residency.lend(emoji.model, plan) as unet:
        assert unet.sampling.prediction == "v"
        assert torch.allclose(unet.sampling.sigmas.double(), ((1 - alphas) / alphas).sqrt(), rtol=1e-4)
        assert (unet.latent.channels, unet.latent.factor, unet.latent.scale) == (4, 8, 0.18215)


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


@pytest.mark.parametrize("schedule", ["linear", "scaled_linear"])
def test_betas_equal_those_of_diffusers(schedule: str) -> None:
    config = {"beta_start": 0.001, "beta_end": 0.02, "num_train_timesteps": 100, "beta_schedule": schedule}
    theirs = DDIMScheduler(**config)
    assert torch.allclose(network._betas(config).float(), theirs.betas, rtol=1e-6)


def test_zero_terminal_snr_equals_diffusers_but_for_the_last_step() -> None:
    config = {"beta_start": 0.001, "beta_end": 0.02, "num_train_timesteps": 100, "beta_schedule": "linear"}
    theirs = DDIMScheduler(**config, rescale_betas_zero_snr=True).alphas_cumprod
    ours = network._zero_snr(torch.cumprod(1 - network._betas(config), dim=0))
    assert torch.allclose(ours[:-1].float(), theirs[:-1], rtol=1e-3, atol=1e-6)
    assert 0 < ours[-1] < 1e-7


def test_an_unknown_noise_schedule_is_refused() -> None:
    config = {"beta_start": 0.001, "beta_end": 0.02, "num_train_timesteps": 100, "beta_schedule": "sigmoid"}
    with pytest.raises(UnsupportedError, match="sigmoid"):
        network._betas(config)
