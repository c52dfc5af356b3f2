from __future__ import annotations

import torch

from safelight.diffusion import inpaint
from safelight.diffusion.handle import ModelHandle, Source
from safelight.diffusion.inpaint import Inpainted, latent_mask
from safelight.diffusion.sigma import DiscreteSampling

SD = DiscreteSampling.scaled_linear()


def test_the_kept_part_is_shown_with_its_noise_and_predicted_as_it_is() -> None:
    latent, noise = torch.full((1, 1, 2, 2), 5.0), torch.full((1, 1, 2, 2), 2.0)
    mask = torch.tensor([[[[1.0, 0.0], [0.5, 1.0]]]])
    seen = []

    def denoise(x: torch.Tensor, sigma: float) -> torch.Tensor:
        seen.append(x)
        return torch.full_like(x, -1.0)

    result = Inpainted(denoise, SD, mask, latent, noise)(torch.full_like(latent, 100.0), 3.0)
    assert seen[0].flatten().tolist() == [100.0, 11.0, 55.5, 100.0]
    assert result.flatten().tolist() == [-1.0, 5.0, 2.0, -1.0]


def test_a_mask_of_pixels_becomes_one_of_cells_for_each_picture() -> None:
    mask = torch.zeros(1, 64, 64)
    mask[:, :, 32:] = 1.0
    cells = latent_mask(mask, torch.Size((3, 4, 8, 8)))
    assert cells.shape == (3, 1, 8, 8)
    assert cells[2, 0, 0].tolist() == [0.0] * 4 + [1.0] * 4


def test_a_batch_of_masks_is_kept_and_a_longer_one_cut() -> None:
    masks = torch.stack([torch.zeros(8, 8), torch.ones(8, 8), torch.zeros(8, 8)])
    cells = latent_mask(masks, torch.Size((2, 4, 8, 8)))
    assert cells.mean(dim=(1, 2, 3)).tolist() == [0.0, 1.0]


GREYS = torch.tensor([[[[0.0, 0.25], [0.5, 1.0]]]])


def free(sigma: float, strength: float = 1.0) -> list[float]:
    model = inpaint.differential(ModelHandle(Source("", "x", "sd15", "original", "unet")), strength)
    found = inpaint.rule(model, SD, torch.tensor([SD.sigma_max, 1.0, 0.0]))
    assert found is not None
    return found(GREYS, sigma).flatten().tolist()


def test_the_darker_a_place_the_later_it_may_change() -> None:
    assert free(SD.sigma_max) == [0.0, 0.0, 0.0, 1.0]
    assert free(SD.sigma(999 * 0.51)) == [0.0, 0.0, 0.0, 1.0]
    assert free(SD.sigma(999 * 0.49)) == [0.0, 0.0, 1.0, 1.0]
    assert free(SD.sigma(999 * 0.24)) == [0.0, 1.0, 1.0, 1.0]
    assert free(SD.sigma_min) == [1.0, 1.0, 1.0, 1.0]


def test_a_lower_strength_mixes_in_the_greys() -> None:
    assert free(SD.sigma(400), 0.5) == [0.0, 0.125, 0.75, 1.0]
    assert free(SD.sigma(400), 0.0) == free(SD.sigma(400), 1.0)


def test_a_run_that_stops_early_ends_its_moments_there() -> None:
    model = inpaint.differential(ModelHandle(Source("", "x", "sd15", "original", "unet")))
    found = inpaint.rule(model, SD, torch.tensor([SD.sigma_max, SD.sigma(600)]))
    assert found is not None
    assert found(GREYS, SD.sigma(700)).flatten().tolist() == [0.0, 0.0, 1.0, 1.0]


def test_the_mask_of_a_moment_is_the_one_that_is_kept() -> None:
    latent = torch.full((1, 1, 2, 2), 5.0)
    rule = inpaint.Differential(SD, SD.sigma_max, SD.sigma_min)
    found = Inpainted(lambda x, _: torch.full_like(x, -1.0), SD, GREYS, latent, latent, rule)
    assert found(latent, SD.sigma(400)).flatten().tolist() == [5.0, 5.0, -1.0, -1.0]


def test_a_models_weights_are_shared_with_those_of_its_differential_one() -> None:
    model = ModelHandle(Source("", "x", "sd15", "original", "unet"))
    assert inpaint.differential(model).weights_key == model.weights_key
    assert inpaint.differential(model).key != model.key
    assert inpaint.rule(model, SD, torch.tensor([1.0, 0.0])) is None
