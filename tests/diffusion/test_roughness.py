"""What models that enlarge pictures see beside the latent, and are told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import DDPMScheduler, UNet2DConditionModel
from diffusers.loaders import single_file_utils as converters
from safetensors.torch import load_file

from safelight.diffusion import checkpoint, hypertile, lone, residency, unclip
from safelight.diffusion.plan import Plan
from safelight.diffusion.roughness import Roughness, enlarging

PICTURES = torch.rand(2, 6, 10, 3, generator=torch.Generator().manual_seed(1))
SIDE = [[torch.zeros(1, 77, 1024), {"strength": 0.5}]]
SCHEDULER = DDPMScheduler(beta_start=0.0001, beta_end=0.02, beta_schedule="scaled_linear")
Original = Callable[[str], Path]


@pytest.fixture
def rough() -> Roughness:
    return Roughness(SCHEDULER.alphas_cumprod, 350)


def test_a_picture_is_shown_as_it_is_for_four_times_its_size() -> None:
    positive, negative, latent = enlarging(SIDE, SIDE, PICTURES, 4.0, 0.25)
    assert latent["samples"].shape == (2, 4, 6, 10)
    assert latent["downscale_ratio_spatial"] == 4
    for ((_, told),) in (positive, negative):
        assert torch.equal(told["concat_image"], PICTURES.movedim(-1, 1) * 2 - 1)
        assert (told["noise_augmentation"], told["strength"]) == (0.25, 0.5)
    assert SIDE[0][1] == {"strength": 0.5}


@pytest.mark.parametrize(("scale", "shape"), [(2.0, (3, 5)), (0.0, (1, 1)), (10.0, (15, 25))])
def test_for_another_size_it_is_scaled_first(scale: float, shape: tuple[int, int]) -> None:
    positive, _, latent = enlarging(SIDE, SIDE, PICTURES, scale, 0.0)
    assert latent["samples"].shape[-2:] == shape == positive[0][1]["concat_image"].shape[-2:]


def test_a_picture_without_noise_is_seen_as_it_is(rough: Roughness) -> None:
    small = torch.rand(1, 3, 6, 10) * 2 - 1
    seen = rough.told({"concat_image": small}, torch.zeros(3, 4, 6, 10))
    assert torch.equal(seen["beside"], small.expand(3, -1, -1, -1))
    assert seen["class_labels"].tolist() == [0]


def test_noise_is_that_of_the_level_and_of_the_runs_seed(rough: Roughness) -> None:
    (entry,) = unclip.seeded({"positive": enlarging(SIDE, SIDE, PICTURES, 4.0, 0.2).positive}, 17)["positive"]
    seen = rough.told(entry[1], torch.zeros(2, 4, 6, 10))
    noise = torch.randn(2, 3, 6, 10, generator=torch.Generator().manual_seed(7))
    expected = SCHEDULER.add_noise(PICTURES.movedim(-1, 1) * 2 - 1, noise, torch.tensor([70]))
    torch.testing.assert_close(seen["beside"], expected)
    assert seen["class_labels"].tolist() == [70]


def test_without_a_picture_it_sees_grey(rough: Roughness) -> None:
    seen = rough.told({}, torch.ones(2, 4, 6, 10))
    assert torch.equal(seen["beside"], torch.zeros(2, 3, 6, 10))


def test_a_wide_latent_is_enlarged_in_attention_tiles_and_in_bf16_too(original: Original, plan: Plan) -> None:
    plain = checkpoint.load(original("sd2_upscaler"), "u" * 64).model
    tiled = hypertile.with_hypertile(plain, 32, 1, 3, scale_depth=False)
    x, context = torch.randn(1, 4, 16, 16), torch.randn(1, 7, 1024)
    made = []
    for handle, dtype in ((plain, "fp32"), (tiled, "fp32"), (plain, "bf16")):
        with residency.lend(handle, replace(plan, dtype=dtype)) as unet:
            made.append(unet(x, torch.tensor([400.0]), context, **unet.extras({}, x)))
    assert all(one.isfinite().all() for one in made)
    assert float((made[2] - made[0]).abs().max()) < 0.1 * float(made[0].abs().max())


def test_a_prediction_of_the_original_file_is_that_of_diffusers_unet(original: Original, plan: Plan) -> None:
    path = original("sd2_upscaler")
    handle = checkpoint.load(path, "u" * 64).model
    assert lone.unet(path, "u" * 64).source.family == "sd2_upscaler"
    entry = enlarging(SIDE, SIDE, torch.rand(1, 8, 16, 3), 4.0, 0.1).positive[0][1]
    x, context = torch.randn(2, 4, 8, 16), torch.randn(2, 7, 1024)
    with residency.lend(handle, plan) as unet, torch.no_grad():
        config = {k: v for k, v in unet.module.config.items() if not k.startswith("_")}
        theirs = UNet2DConditionModel(**config).eval()
        theirs.load_state_dict(converters.convert_ldm_unet_checkpoint(load_file(path), config))
        told = unet.extras(entry, x)
        ours = unet(x, torch.tensor([400.0, 400.0]), context, **told)
        seen = torch.cat([x, told["beside"]], dim=1)
        expected = theirs(seen, 400.0, context, class_labels=torch.tensor([35])).sample
        assert (unet.latent.factor, unet.latent.scale, unet.sampling.prediction) == (4, 0.08333, "v")
        torch.testing.assert_close(unet.sampling.alphas_cumprod.float(), SCHEDULER.alphas_cumprod)
    torch.testing.assert_close(ours, expected, atol=1e-5, rtol=0)
