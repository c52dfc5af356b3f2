from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from safelight.diffusion import schedule
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.names import SCHEDULES
from safelight.diffusion.sigma import DiscreteSampling

SD = DiscreteSampling.scaled_linear()
REFERENCE = json.loads((Path(__file__).parent / "fidelity" / "sigmas.json").read_text())["sd15"]


@pytest.mark.parametrize("name", SCHEDULES)
def test_six_steps_are_the_references_to_the_last_bit(name: str) -> None:
    assert schedule.find(name)(SD, 6).tolist() == REFERENCE[f"{name}/6"]


@pytest.mark.parametrize("steps", [1, 2, 3, 20, 37, 1000])
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_falls_to_zero(name: str, steps: int) -> None:
    sigmas = schedule.find(name)(SD, steps)
    assert sigmas.dtype == torch.float32
    assert bool(sigmas.isfinite().all())
    assert bool((sigmas.diff() <= 0).all())
    assert sigmas[0] <= SD.sigma_max * (1 + 1e-5)
    assert sigmas[-1] == 0 < sigmas[-2]


@pytest.mark.parametrize("name", sorted(set(SCHEDULES) - {"ddim_uniform", "beta"}))
def test_there_is_one_sigma_more_than_steps(name: str) -> None:
    assert [len(schedule.find(name)(SD, steps)) for steps in (1, 5, 28)] == [2, 6, 29]


def test_ddim_uniform_may_take_more_steps_and_beta_fewer() -> None:
    assert len(schedule.ddim_uniform(SD, 6)) == 8
    assert len(schedule.beta(SD, 1000)) < 1001


def test_levels_of_almost_no_noise_take_the_place_of_the_zero_after_them() -> None:
    clean = DiscreteSampling(torch.linspace(1.0 - 1e-12, 0.01, 100, dtype=torch.float64))
    assert schedule.normal(clean, 5)[-1] == pytest.approx(clean.sigma_min)
    assert len(schedule.normal(clean, 5)) == 6
    assert schedule.sgm_uniform(clean, 5)[-1] == 0.0


def test_an_unknown_schedule_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UnsupportedError, match=r"no schedule 'karas'.*karras"):
        schedule.find("karas")


def test_what_has_no_schedule_is_refused_with_a_reason() -> None:
    with pytest.raises(UnsupportedError, match="sigma_min above 0"):
        schedule.polyexponential_between(5, 10.0, 0.0)
    with pytest.raises(UnsupportedError, match="Choose a larger rho"):
        schedule.karras_between(5, 10.0, 1.0, 0.0)
