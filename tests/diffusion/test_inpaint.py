from __future__ import annotations

import torch

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
