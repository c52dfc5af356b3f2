"""Patches that speak to sampling alone."""

from __future__ import annotations

import pytest
import torch

from bench import standin
from safelight.diffusion import overlay, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.distilled import DistilledSampling
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.flow import FlowSampling
from safelight.diffusion.overlay import Overlaid, resampled
from safelight.diffusion.plan import Plan
from safelight.diffusion.sampling import sample
from safelight.diffusion.watch import QUIET

PLAN = Plan(threads=1)
SD = standin.StandIn.sampling
PROMPT = [[torch.ones(1, 77, 768), {}]]


def drawn(model: object, **changes: object) -> torch.Tensor:
    given = {"seed": 1, "steps": 4, "cfg": 3.0, "sampler_name": "euler", "scheduler": "simple"} | changes
    empty = {"samples": torch.zeros(1, 4, 8, 8)}
    return sample(model, empty, PROMPT, [[-PROMPT[0][0], {}]], plan=PLAN, **given)["samples"]


def test_a_model_without_patches_is_sampled_at_its_networks_own_levels() -> None:
    assert overlay.sampling(standin.HANDLE, SD) is SD


def test_the_last_patch_of_its_kind_counts() -> None:
    model = resampled(resampled(standin.HANDLE, "flow", shift=3.0), "flow", shift=5.0)
    assert overlay.sampling(model, SD) == FlowSampling(5.0)


def test_a_table_keeps_its_levels_and_changes_what_is_predicted() -> None:
    made = overlay.sampling(resampled(standin.HANDLE, "discrete", prediction="v", zsnr=False), SD)
    assert torch.equal(made.sigmas, SD.sigmas)
    assert made.prediction == "v"


def test_zero_terminal_ratio_leaves_almost_no_picture_at_the_first_level() -> None:
    made = overlay.sampling(resampled(standin.HANDLE, "discrete", prediction="v", zsnr=True), SD)
    assert made.sigma_max == pytest.approx(4518.76, rel=1e-4)
    assert made.sigma_min == pytest.approx(SD.sigma_min, rel=1e-4)


def test_a_distilled_model_knows_fifty_of_the_levels() -> None:
    made = overlay.sampling(resampled(standin.HANDLE, "distilled", zsnr=False), SD)
    assert isinstance(made, DistilledSampling)
    assert torch.equal(made.sigmas, SD.sigmas[19::20])
    assert made.timestep(made.sigma_max) == 999
    assert made.sigma(999) == pytest.approx(SD.sigma_max)
    skipped, predicted = made.scaling(made.sigma_min), made.scaling(made.sigma_max)
    assert skipped.skip == pytest.approx(1.0, abs=1e-2)
    assert -predicted.out == pytest.approx(made.sigma_max, rel=1e-5)


def test_a_table_cannot_be_had_from_a_flow() -> None:
    with pytest.raises(UnsupportedError, match="table"):
        overlay.sampling(resampled(standin.HANDLE, "discrete", prediction="v"), FlowSampling())


def test_a_shift_changes_the_key_and_the_result_but_not_the_weights() -> None:
    models = [resampled(standin.HANDLE, "flow", shift=shift) for shift in (1.0, 3.0)]
    assert models[0].key != models[1].key
    assert models[0].weights_key == standin.HANDLE.weights_key
    assert not torch.equal(*map(drawn, models))


def test_levels_are_known_without_reading_the_weights(emoji: Checkpoint) -> None:
    residency.release()
    assert overlay.sampling_of(emoji.model, PLAN, QUIET).sigma_max > 1.0
    assert residency.used("cpu") == 0
    with residency.lend(emoji.model, PLAN) as network:
        own = Overlaid(network, emoji.model)
        assert torch.equal(own.sampling.sigmas, overlay.sampling_of(emoji.model, PLAN, QUIET).sigmas)
        assert own.latent is network.latent
