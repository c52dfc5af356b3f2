"""What models predict and the noise levels they know, against diffusers' schedulers."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from diffusers import DDIMScheduler
from safetensors.torch import load_file, save_file

from safelight.diffusion import builtin, checkpoint, detect, header, residency, single, training
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.plan import Plan

Original = Callable[[str], Path]


def load(path: Path) -> Checkpoint:
    return checkpoint.load(path, digest=str(path))


def test_the_noise_levels_are_those_of_the_folders_scheduler(emoji: Checkpoint, plan: Plan) -> None:
    alphas = DDIMScheduler.from_pretrained(builtin.builtin()["emoji"] / "scheduler").alphas_cumprod.double()
    with residency.lend(emoji.model, plan) as unet:
        assert unet.sampling.prediction == "v"
        assert torch.allclose(unet.sampling.sigmas.double(), ((1 - alphas) / alphas).sqrt(), rtol=1e-4)
        assert (unet.latent.channels, unet.latent.factor, unet.latent.scale) == (4, 8, 0.18215)


@pytest.mark.parametrize("schedule", ["linear", "scaled_linear"])
def test_betas_equal_those_of_diffusers(schedule: str) -> None:
    config = {"beta_start": 0.001, "beta_end": 0.02, "num_train_timesteps": 100, "beta_schedule": schedule}
    theirs = DDIMScheduler(**config)
    assert torch.allclose(training.betas(config).float(), theirs.betas, rtol=1e-6)


def test_zero_terminal_snr_equals_diffusers_but_for_the_last_step() -> None:
    config = {"beta_start": 0.001, "beta_end": 0.02, "num_train_timesteps": 100, "beta_schedule": "linear"}
    theirs = DDIMScheduler(**config, rescale_betas_zero_snr=True).alphas_cumprod
    ours = training.zero_snr(torch.cumprod(1 - training.betas(config), dim=0))
    assert torch.allclose(ours[:-1].float(), theirs[:-1], rtol=1e-3, atol=1e-6)
    assert 0 < ours[-1] < 1e-7


def test_an_unknown_noise_schedule_is_refused() -> None:
    config = {"beta_start": 0.001, "beta_end": 0.02, "num_train_timesteps": 100, "beta_schedule": "sigmoid"}
    with pytest.raises(UnsupportedError, match="sigmoid"):
        training.betas(config)


def test_the_spread_of_one_tensor_tells_how_sd2_was_trained(
    original: Original, plan: Plan, tmp_path: Path
) -> None:
    tensors = load_file(original("sd2"))
    with residency.lend(load(original("sd2")).model, plan) as unet:
        assert unet.sampling.prediction == "epsilon"
    biases = tensors[training.V_SIGN]
    tensors[training.V_SIGN] = torch.randn(biases.shape).to(biases)
    save_file(tensors, tmp_path / "v.safetensors")
    with residency.lend(load(tmp_path / "v.safetensors").model, plan) as unet:
        assert unet.sampling.prediction == "v"


def test_tensors_without_content_tell_how_sdxl_was_trained(
    original: Original, tmp_path: Path, plan: Plan
) -> None:
    tensors = load_file(original("sdxl")) | {"v_pred": torch.zeros(0), "ztsnr": torch.zeros(0)}
    save_file(tensors, tmp_path / "v.safetensors")
    del tensors
    source = single.SingleFile(
        tmp_path / "v.safetensors", detect.detect(header.read(tmp_path / "v.safetensors"))
    )
    assert source.scheduler()["prediction_type"] == "v_prediction"
    assert source.scheduler()["rescale_betas_zero_snr"] is True
