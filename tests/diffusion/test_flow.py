"""Flows: their levels against the reference's, and what a network's velocity means."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch

from safelight.diffusion import schedule
from safelight.diffusion.flow import FlowSampling, shift_for

REFERENCE = json.loads((Path(__file__).parent / "fidelity" / "sigmas.json").read_text())
MODELS = {
    "flux_shift1_15": FlowSampling(1.15, "exponential", multiplier=1.0, count=10_000),
    "sd3_shift3": FlowSampling(3.0),
}
ROWS = [(name, row) for name in MODELS for row in REFERENCE[name] if not row.startswith("sigma_")]


@pytest.mark.parametrize("name", MODELS)
def test_the_ends_are_the_references(name: str) -> None:
    assert MODELS[name].sigma_min == pytest.approx(REFERENCE[name]["sigma_min"], rel=1e-6)
    assert MODELS[name].sigma_max == REFERENCE[name]["sigma_max"] == 1.0


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_each_schedule_has_the_references_levels(name: str, row: str) -> None:
    kind, steps = row.split("/")
    made = schedule.find(kind)(MODELS[name], int(steps))
    torch.testing.assert_close(made, torch.tensor(REFERENCE[name][row]), rtol=2e-6, atol=1e-7)


def test_a_perfect_velocity_gives_the_clean_latent() -> None:
    x0, noise = torch.randn(2, 4, 8, 8).double(), torch.randn(2, 4, 8, 8).double()
    model = MODELS["sd3_shift3"]
    scaling = model.scaling(0.7)
    x = model.noised(x0, noise, 0.7)
    torch.testing.assert_close(x, 0.3 * x0 + 0.7 * noise)
    torch.testing.assert_close(scaling.skip * x + scaling.out * (noise - x0), x0)


def test_a_run_that_stops_early_gives_its_picture_at_full_scale() -> None:
    x0 = torch.ones(1, 1, 2, 2)
    model = MODELS["sd3_shift3"]
    torch.testing.assert_close(model.finished(model.noised(x0, torch.zeros_like(x0), 0.25), 0.25), x0)


def test_a_shift_of_three_spends_the_middle_of_the_way_at_three_parts_of_noise() -> None:
    assert FlowSampling(3.0).percent_to_sigma(0.5) == pytest.approx(0.75)
    assert FlowSampling(1.0).percent_to_sigma(0.5) == pytest.approx(0.5)
    assert [FlowSampling(3.0).percent_to_sigma(part) for part in (0.0, 1.0)] == [1.0, 0.0]


def test_the_network_is_told_sigma_times_its_multiplier() -> None:
    assert FlowSampling(3.0).timestep(0.5) == 500.0
    assert FlowSampling(3.0, multiplier=1.0).timestep(0.5) == 0.5
    assert FlowSampling(3.0).sigma(500.0) == pytest.approx(0.75)


def test_fluxs_shift_grows_with_the_picture() -> None:
    assert shift_for(256, 256) == pytest.approx(0.5)
    assert shift_for(1024, 1024) == pytest.approx(1.15)
    assert math.isclose(shift_for(512, 1024), 0.5 + 0.65 * (2048 - 256) / (4096 - 256))
