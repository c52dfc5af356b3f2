"""Levels without a table."""

from __future__ import annotations

import math

import pytest
import torch

from safelight.diffusion.continuous import ContinuousSampling
from safelight.diffusion.sigma import BEYOND

EDM = ContinuousSampling("edm", 0.002, 80.0, 0.5)
ANGLE = ContinuousSampling("v", 0.03, 500.0, clock="angle")


@pytest.mark.parametrize("prediction", ["epsilon", "v", "edm"])
@pytest.mark.parametrize("sigma", [0.02, 1.0, 70.0])
def test_a_perfect_prediction_of_any_kind_gives_the_clean_latent(prediction: str, sigma: float) -> None:
    data = 0.5
    x0, noise = data * torch.randn(2, 4, 8, 8).double(), torch.randn(2, 4, 8, 8).double()
    root = math.hypot(sigma, data)
    x = x0 + sigma * noise
    velocity = (data * noise - sigma / data * x0) / root
    raw = {"epsilon": noise, "v": velocity, "edm": -velocity}[prediction]
    scaling = ContinuousSampling(prediction, sigma_data=data).scaling(sigma)
    assert scaling.in_ == pytest.approx(1 / root)
    torch.testing.assert_close(scaling.skip * x + scaling.out * raw, x0)


def test_timesteps_are_a_quarter_of_log_sigma_or_an_angle() -> None:
    assert EDM.timestep(math.e) == pytest.approx(0.25)
    assert EDM.sigma(EDM.timestep(3.0)) == pytest.approx(3.0)
    assert ANGLE.timestep(1.0) == pytest.approx(0.5)
    assert ANGLE.sigma(ANGLE.timestep(3.0)) == pytest.approx(3.0)


def test_the_range_is_walked_evenly_in_log_sigma() -> None:
    assert float(EDM.sigmas[0]) == pytest.approx(0.002)
    assert float(EDM.sigmas[-1]) == pytest.approx(80.0)
    assert EDM.percent_to_sigma(0.5) == pytest.approx(math.sqrt(0.002 * 80.0))
    assert (EDM.percent_to_sigma(0.0), EDM.percent_to_sigma(1.0)) == (BEYOND, 0.0)
