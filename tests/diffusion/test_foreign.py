"""diffusers' schedulers as samplers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from safelight.diffusion import sampler, schedule
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.flow import FlowSampling
from safelight.diffusion.names import FOREIGN, SCHEDULERS
from safelight.diffusion.noise import StreamNoise
from safelight.diffusion.sampler import State
from safelight.diffusion.sigma import DiscreteSampling, ModelSampling

MODEL = DiscreteSampling.scaled_linear()
LEVELS = schedule.simple(MODEL, 8)
X = 14.6 * torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))


def wavy(x: Tensor, sigma: float) -> Tensor:
    return torch.tanh(1.3 * x + 0.2 * torch.roll(x, 1, -1)) / (1 + 0.1 * sigma)


def walk(name: str, state: State, sigmas: Tensor = LEVELS, model: ModelSampling = MODEL) -> list[State]:
    run = sampler.find(FOREIGN).sampler(model, scheduler=name)
    return list(run(wavy, state, sigmas, StreamNoise(X, 3)))


@pytest.mark.parametrize("name", SCHEDULERS)
def test_each_scheduler_walks_to_a_clean_latent(name: str) -> None:
    states = walk(name, State(0, X))
    assert [state.step for state in states] == list(range(1, 9))
    assert bool(states[-1].x.isfinite().all())
    assert float(states[-1].x.abs().max()) < 1.2


@pytest.mark.parametrize("name", SCHEDULERS)
def test_a_walk_taken_up_from_any_of_its_states_goes_on_with_the_same_bits(name: str) -> None:
    whole = walk(name, State(0, X))
    for state in whole[:-1]:
        again = walk(name, State(state.step, state.x.clone(), state.history, state.noise))
        assert all(torch.equal(a.x, b.x) for a, b in zip(whole[state.step :], again, strict=True))


def test_a_scheduler_that_takes_levels_walks_them_as_our_sampler_does() -> None:
    ours = list(sampler.find("euler").sampler(MODEL)(wavy, State(0, X), LEVELS, StreamNoise(X, 3)))
    for mine, theirs in zip(ours, walk("EulerDiscreteScheduler", State(0, X)), strict=True):
        torch.testing.assert_close(theirs.x, mine.x, rtol=1e-4, atol=1e-4)


def test_a_part_of_the_way_is_walked_by_those_that_take_levels_only() -> None:
    assert len(walk("TCDScheduler", State(0, X / 5), LEVELS[3:])) == 5
    with pytest.raises(UnsupportedError, match="whole way"):
        walk("DDIMScheduler", State(0, X / 5), LEVELS[3:])


def test_a_model_without_a_table_and_an_unknown_scheduler_are_refused() -> None:
    flow = FlowSampling(3.0)
    with pytest.raises(UnsupportedError, match="table"):
        walk("TCDScheduler", State(0, X), schedule.simple(flow, 4), flow)
    with pytest.raises(UnsupportedError, match="DDIMScheduler"):
        walk("TomorrowScheduler", State(0, X))
