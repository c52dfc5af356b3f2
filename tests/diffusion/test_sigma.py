from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from safelight.diffusion.sigma import BEYOND, DiscreteSampling

SD = DiscreteSampling.scaled_linear()
REFERENCE = json.loads((Path(__file__).parent / "fidelity" / "sigmas.json").read_text())["sd15"]


def test_the_levels_of_stable_diffusion_end_where_the_reference_has_them() -> None:
    assert SD.sigma_min == REFERENCE["sigma_min"]
    assert SD.sigma_max == REFERENCE["sigma_max"]


def test_each_trained_level_has_its_index_as_timestep() -> None:
    assert [SD.timestep(level) for level in SD.sigmas[::37].tolist()] == list(range(0, 1000, 37))


def test_levels_outside_of_the_table_get_its_first_and_last_timestep() -> None:
    assert SD.timestep(1e-4) == 0
    assert SD.timestep(80.0) == 999
    assert SD.sigma(-3) == pytest.approx(SD.sigma_min)
    assert SD.sigma(2000) == pytest.approx(SD.sigma_max)


def test_a_timestep_between_two_has_the_geometric_mean_of_their_levels() -> None:
    low, high = SD.sigmas[500:502].tolist()
    assert SD.sigma(500.5) == pytest.approx((low * high) ** 0.5)


def test_percent_runs_from_beyond_all_noise_to_none() -> None:
    assert SD.percent_to_sigma(0.0) == BEYOND > SD.sigma_max
    assert SD.percent_to_sigma(1.0) == 0.0
    assert SD.percent_to_sigma(0.25) == pytest.approx(SD.sigma(0.75 * 999))


def test_alphas_and_betas_make_the_same_levels() -> None:
    betas = torch.linspace(1e-4, 2e-2, 100, dtype=torch.float64)
    by_alphas = DiscreteSampling(torch.cumprod(1 - betas, 0))
    assert torch.equal(by_alphas.sigmas, DiscreteSampling.from_betas(betas).sigmas)


@pytest.mark.parametrize("prediction", ["epsilon", "v", "x0"])
@pytest.mark.parametrize("sigma", [0.03, 1.0, 14.0])
def test_a_perfect_prediction_of_any_kind_gives_the_clean_latent(prediction: str, sigma: float) -> None:
    x0, noise = torch.randn(2, 4, 8, 8).double(), torch.randn(2, 4, 8, 8).double()
    x = x0 + sigma * noise
    alpha = 1 / (1 + sigma**2) ** 0.5
    raw = {"epsilon": noise, "v": alpha * noise - sigma * alpha * x0, "x0": x0}[prediction]
    scaling = DiscreteSampling.scaled_linear(prediction=prediction).scaling(sigma)
    assert scaling.in_ == pytest.approx(alpha)
    torch.testing.assert_close(scaling.skip * x + scaling.out * raw, x0)


def test_noise_is_added_at_its_level_and_at_the_highest_with_the_variance_of_the_data() -> None:
    latent, noise = torch.ones(1, 1, 2, 2), torch.full((1, 1, 2, 2), 2.0)
    assert torch.equal(SD.noised(latent, noise, 3.0), torch.full_like(latent, 7.0))
    assert SD.noised(latent, noise, 3.0, whole=True)[0, 0, 0, 0] == pytest.approx(1 + 2 * 10**0.5)
