"""Samplers against a Gaussian, for which the exact solution is known, and against themselves."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from safelight.diffusion import sampler
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.noise import BrownianNoise, Noise, StreamNoise
from safelight.diffusion.sampler import State

MEAN, SPREAD = 1.0, 0.5
"""The clean latents: numbers with this mean and this standard deviation."""

ORDERS = {
    "euler": 1,
    "ddim": 1,
    "heun": 2,
    "dpm_2": 2,
    "lms": 4,
    "dpmpp_2m": 2,
    "ipndm": 2,
    "deis": 3,
    "res_multistep": 2,
    "uni_pc": 3,
    "uni_pc_bh2": 3,
}
"""By which power of the number of steps the error of each deterministic sampler falls (of ipndm, which is
of order four on even steps only, on these)."""

STOCHASTIC = sorted(set(SAMPLERS) - set(ORDERS))


def gaussian(x: Tensor, sigma: float) -> Tensor:
    """The exact expectation of the clean latent behind x."""
    return (SPREAD**2 * x + sigma**2 * MEAN) / (SPREAD**2 + sigma**2)


def exact(x: Tensor, sigma: float, after: float) -> Tensor:
    """The exact solution of the probability-flow equation."""
    return MEAN + (x - MEAN) * math.sqrt((SPREAD**2 + after**2) / (SPREAD**2 + sigma**2))


def levels(steps: int, top: float = 10.0, bottom: float = 0.005) -> Tensor:
    """Karras's schedule without its zero."""
    roots = torch.linspace(top ** (1 / 7), bottom ** (1 / 7), steps + 1, dtype=torch.float64)
    return roots**7


def noise_for(name: str, x: Tensor, sigmas: Tensor, seed: int = 5) -> Noise:
    if sampler.find(name).noise.startswith("brownian"):
        return BrownianNoise(x, sigmas, seed)
    return StreamNoise(x, seed)


def last(name: str, x: Tensor, sigmas: Tensor) -> Tensor:
    states = list(sampler.find(name).run(gaussian, State(0, x), sigmas, noise_for(name, x, sigmas)))
    return states[-1].x


@pytest.mark.parametrize("name", ORDERS)
def test_the_error_falls_with_the_order_of_the_method(name: str) -> None:
    x = torch.tensor([8.0], dtype=torch.float64)
    errors = []
    for steps in (20, 40, 80):
        sigmas = levels(steps)
        errors.append(abs(float(last(name, x, sigmas) - exact(x, 10.0, 0.005))))
    measured = math.log2(errors[0] / errors[2]) / 2
    assert measured > ORDERS[name] - 0.5, errors


@pytest.mark.parametrize("name", STOCHASTIC)
def test_the_result_has_the_mean_and_the_spread_of_the_clean_latents(name: str) -> None:
    sigmas = torch.cat([levels(80), torch.zeros(1)]).float()
    start = torch.randn(1, 1, 100, 100, generator=torch.Generator().manual_seed(0))
    result = last(name, MEAN + start * math.hypot(SPREAD, 10.0), sigmas)
    assert float(result.mean()) == pytest.approx(MEAN, abs=0.03)
    if name != "lcm":  # which returns an expectation, and expectations spread less
        assert float(result.std()) == pytest.approx(SPREAD, rel=0.06)


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_step_is_yielded_and_the_last_one_arrives_at_the_prediction_for_a_known_latent(
    name: str,
) -> None:
    sigmas = torch.cat([levels(6), torch.zeros(1)]).float()
    target = torch.linspace(-2, 2, 64).reshape(1, 1, 8, 8)
    x = target + 10 * torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    run = sampler.find(name).run(lambda x, sigma: target, State(0, x), sigmas, noise_for(name, x, sigmas))
    states = list(run)
    assert [state.step for state in states] == list(range(1, 8))
    assert all(torch.equal(state.x0, target) for state in states if not name.startswith("uni_pc"))
    assert float((states[-1].x - target).abs().max()) < (0.03 if name.startswith("uni_pc") else 1e-5)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_sampler_taken_up_from_any_of_its_states_goes_on_with_the_same_bits(name: str) -> None:
    sigmas = torch.cat([levels(7), torch.zeros(1)]).float()
    x = 10 * torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))

    def wavy(x: Tensor, sigma: float) -> Tensor:
        return torch.tanh(1.3 * x + 0.2 * torch.roll(x, 1, -1)) / (1 + 0.1 * sigma)

    def run(state: State) -> list[State]:
        return list(sampler.find(name).run(wavy, state, sigmas, noise_for(name, x, sigmas)))

    whole = run(State(0, x))
    for state in whole[:-1]:
        again = run(State(state.step, state.x.clone(), state.history, state.noise))
        assert [other.step for other in again] == list(range(state.step + 1, 9))
        assert all(torch.equal(a.x, b.x) for a, b in zip(whole[state.step :], again, strict=True))


@pytest.mark.parametrize("name", [name for name in SAMPLERS if sampler.find(name).depends == "causal"])
def test_a_causal_samplers_state_does_not_depend_on_what_comes_later(name: str) -> None:
    x = 10 * torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    long, short = levels(8).float(), torch.cat([levels(8)[:5], torch.tensor([0.3, 0.0])]).float()
    states = [
        list(sampler.find(name).run(gaussian, State(0, x), sigmas, noise_for(name, x, sigmas)))[3]
        for sigmas in (long, short)
    ]
    assert torch.equal(states[0].x, states[1].x)
    assert states[0].noise == states[1].noise


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_single_step_to_zero_is_taken(name: str) -> None:
    sigmas = torch.tensor([10.0, 0.0])
    result = last(name, torch.full((1, 1, 4, 4), 3.0), sigmas)
    assert float(result.mean()) == pytest.approx(float(gaussian(torch.tensor(3.0), 10.0)), abs=0.01)


def test_the_names_offered_are_those_that_run() -> None:
    assert set(sampler._BY_NAME) == set(SAMPLERS)


def test_an_unknown_sampler_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UnsupportedError, match=r"no sampler 'eular'.*euler"):
        sampler.find("eular")
