"""Samplers against a Gaussian, for which the exact solution is known, and against themselves."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from safelight.diffusion import sampler, schedule
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.flow import FlowSampling
from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.noise import BrownianNoise, Noise, StreamNoise
from safelight.diffusion.sampler import Denoise, State
from safelight.diffusion.sigma import DiscreteSampling

MEAN, SPREAD = 1.0, 0.5
"""The clean latents: numbers with this mean and this standard deviation."""

MODEL = DiscreteSampling.scaled_linear()

ORDERS = {
    "euler": 1,
    "euler_cfg_pp": 1,
    "ddim": 1,
    "heun": 2,
    "heunpp2": 1,
    "exp_heun_2_x0": 2,
    "dpm_2": 2,
    "lms": 4,
    "dpm_fast": 3,
    "dpmpp_2m": 2,
    "dpmpp_2m_cfg_pp": 2,
    "ipndm": 2,
    "ipndm_v": 2,
    "deis": 3,
    "res_multistep": 2,
    "res_multistep_cfg_pp": 2,
    "gradient_estimation": 1,
    "gradient_estimation_cfg_pp": 1,
    "uni_pc": 3,
    "uni_pc_bh2": 3,
}
"""By which power of the number of steps the error of each deterministic sampler falls (of ipndm and ipndm_v,
which are of order four on even steps only, on these; heunpp2 weighs its slopes by sigma, which costs it an
order)."""

ADAPTIVE = "dpm_adaptive"
"""It takes as many steps as it wants."""

STOCHASTIC = sorted(set(SAMPLERS) - set(ORDERS) - {ADAPTIVE})


BY_THE_ENDS = ("dpm_fast", "dpm_adaptive")
"""Samplers that choose their own levels between the highest of a schedule and its lowest above zero."""


SPREADING_LESS = ("lcm", "dpmpp_2s_ancestral_cfg_pp")
"""LCM returns an expectation, and expectations spread less; the other one subtracts, as the reference does,
the negative prediction of one level from the guided one of another."""


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
    return walk(name, gaussian, State(0, x), sigmas)[-1].x


def walk(name: str, denoise: Denoise, state: State, sigmas: Tensor, **settings: object) -> list[State]:
    """The states of a run from a given one on."""
    run = sampler.find(name).sampler(MODEL, **settings)
    return list(run(denoise, state, sigmas, noise_for(name, state.x, sigmas)))


@pytest.mark.parametrize("name", ORDERS)
def test_the_error_falls_with_the_order_of_the_method(name: str) -> None:
    x = torch.tensor([8.0], dtype=torch.float64)
    errors = []
    for steps in (20, 40, 80):
        sigmas = levels(steps)
        errors.append(abs(float(last(name, x, sigmas) - exact(x, 10.0, 0.005))))
    measured = math.log2(errors[0] / errors[2]) / 2
    assert measured > ORDERS[name] - 0.5, errors


def test_an_adaptive_sampler_keeps_to_the_error_that_it_is_allowed() -> None:
    x = torch.tensor([8.0], dtype=torch.float64)
    errors = [
        abs(
            float(
                walk(ADAPTIVE, gaussian, State(0, x), levels(6), rtol=allowed, atol=allowed)[-1].x
                - exact(x, 10.0, 0.005)
            )
        )
        for allowed in (1e-2, 1e-4)
    ]
    assert errors[0] < 2e-2
    assert errors[1] < 5e-4


class Sided:
    """A guided denoiser: what the negative prompt expects lies one below."""

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        return gaussian(x, sigma)

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        return gaussian(x, sigma), gaussian(x, sigma) - 1.0


@pytest.mark.parametrize("name", [name for name in SAMPLERS if name.endswith("cfg_pp")])
def test_a_sampler_of_cfg_pp_lets_the_negative_prompt_tell_the_noise(name: str) -> None:
    sigmas = torch.cat([levels(6), torch.zeros(1)]).float()
    x = torch.full((1, 1, 4, 4), 8.0)
    assert not torch.equal(
        walk(name, gaussian, State(0, x), sigmas)[0].x, walk(name, Sided(), State(0, x), sigmas)[0].x
    )


def test_the_first_step_of_cfg_pp_is_the_guided_picture_with_the_noise_of_the_other() -> None:
    sigmas, x = torch.tensor([10.0, 4.0, 0.0]), torch.full((1, 1, 4, 4), 8.0)
    x0, negative = Sided().both(x, 10.0)
    expected = x0 + (x - negative) / 10.0 * 4.0
    torch.testing.assert_close(walk("euler_cfg_pp", Sided(), State(0, x), sigmas)[0].x, expected)


@pytest.mark.parametrize("name", STOCHASTIC)
def test_the_result_has_the_mean_and_the_spread_of_the_clean_latents(name: str) -> None:
    sigmas = torch.cat([levels(80), torch.zeros(1)]).float()
    start = torch.randn(1, 1, 100, 100, generator=torch.Generator().manual_seed(0))
    result = last(name, MEAN + start * math.hypot(SPREAD, 10.0), sigmas)
    assert float(result.mean()) == pytest.approx(MEAN, abs=0.03)
    if name not in SPREADING_LESS:
        assert float(result.std()) == pytest.approx(SPREAD, rel=0.06)


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_step_is_yielded_and_the_last_one_arrives_at_the_prediction_for_a_known_latent(
    name: str,
) -> None:
    sigmas = torch.cat([levels(6), torch.zeros(1)]).float()
    target = torch.linspace(-2, 2, 64).reshape(1, 1, 8, 8)
    x = target + 10 * torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    states = walk(name, lambda x, sigma: target, State(0, x), sigmas)
    if name not in BY_THE_ENDS:
        assert [state.step for state in states] == list(range(1, 8))
    assert states[-1].step == 7
    assert all(torch.equal(state.x0, target) for state in states if not name.startswith("uni_pc"))
    rest = 0.03 if name.startswith("uni_pc") or name in BY_THE_ENDS else 1e-5
    assert float((states[-1].x - target).abs().max()) < rest


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_sampler_taken_up_from_any_of_its_states_goes_on_with_the_same_bits(name: str) -> None:
    sigmas = torch.cat([levels(7), torch.zeros(1)]).float()
    x = 10 * torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))

    def wavy(x: Tensor, sigma: float) -> Tensor:
        return torch.tanh(1.3 * x + 0.2 * torch.roll(x, 1, -1)) / (1 + 0.1 * sigma)

    def run(state: State) -> list[State]:
        return walk(name, wavy, state, sigmas)

    whole = run(State(0, x))
    for done, state in enumerate(whole[:-1], start=1):
        again = run(State(state.step, state.x.clone(), state.history, state.noise))
        assert [other.step for other in again] == [other.step for other in whole[done:]]
        assert all(torch.equal(a.x, b.x) for a, b in zip(whole[done:], again, strict=True))


@pytest.mark.parametrize("name", [name for name in SAMPLERS if sampler.find(name).depends == "causal"])
def test_a_causal_samplers_state_does_not_depend_on_what_comes_later(name: str) -> None:
    x = 10 * torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    long, short = levels(8).float(), torch.cat([levels(8)[:5], torch.tensor([0.3, 0.0])]).float()
    states = [walk(name, gaussian, State(0, x), sigmas)[3] for sigmas in (long, short)]
    assert torch.equal(states[0].x, states[1].x)
    assert states[0].noise == states[1].noise


@pytest.mark.parametrize("name", sorted(set(SAMPLERS) - set(BY_THE_ENDS)))
def test_a_single_step_to_zero_is_taken(name: str) -> None:
    sigmas = torch.tensor([10.0, 0.0])
    result = last(name, torch.full((1, 1, 4, 4), 3.0), sigmas)
    assert float(result.mean()) == pytest.approx(float(gaussian(torch.tensor(3.0), 10.0)), abs=0.01)


FLOW = FlowSampling(3.0)
FLOW_LEVELS = schedule.simple(FLOW, 8)


def flow(name: str, denoise: Denoise, state: State) -> list[State]:
    """The states of a run down a flow."""
    run = sampler.find(name).sampler(FLOW)
    return list(run(denoise, state, FLOW_LEVELS, noise_for(name, state.x, FLOW_LEVELS)))


@pytest.mark.parametrize("name", [name for name in SAMPLERS if sampler.find(name).depends == "causal"])
def test_the_states_of_a_flow_have_the_same_bits_wherever_its_schedule_ends(name: str) -> None:
    sigmas = schedule.karras(FLOW, 33)
    x = torch.randn(1, 4, 5, 7, generator=torch.Generator().manual_seed(1))

    def walked(levels: Tensor) -> list[State]:
        noise = noise_for(name, x, levels)
        return list(sampler.find(name).sampler(FLOW)(gaussian, State(0, x), levels, noise))

    whole = walked(sigmas)
    for last in range(1, 33):
        ended = walked(sigmas[: last + 1])
        assert all(torch.equal(a.x, b.x) for a, b in zip(ended, whole[:last], strict=True))


@pytest.mark.parametrize("name", sorted(set(SAMPLERS) - set(BY_THE_ENDS)))
def test_a_flow_arrives_at_the_prediction_for_a_known_latent(name: str) -> None:
    target = torch.linspace(-2, 2, 64).reshape(1, 1, 8, 8)
    x = torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    last = flow(name, lambda x, sigma: target, State(0, x))[-1]
    rest = sampler.find(name).ends_at
    assert float((FLOW.finished(last.x, rest) - target).abs().max()) < 0.02 * (rest > 0) + 1e-5


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_flow_taken_up_from_any_of_its_states_goes_on_with_the_same_bits(name: str) -> None:
    x = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))

    def wavy(x: Tensor, sigma: float) -> Tensor:
        return torch.tanh(1.3 * x + 0.2 * torch.roll(x, 1, -1)) / (1 + sigma)

    whole = flow(name, wavy, State(0, x))
    for done, state in enumerate(whole[:-1], start=1):
        again = flow(name, wavy, State(state.step, state.x.clone(), state.history, state.noise))
        assert [other.step for other in again] == [other.step for other in whole[done:]]
        assert all(torch.equal(a.x, b.x) for a, b in zip(whole[done:], again, strict=True))


FLOW_KEEPS = ("euler_ancestral", "dpm_2_ancestral", "dpmpp_2s_ancestral", "dpmpp_2m_sde", "dpmpp_3m_sde",
              "dpmpp_sde", "seeds_2", "seeds_3", "er_sde", "sa_solver")  # fmt: skip


@pytest.mark.parametrize("name", FLOW_KEEPS)
def test_noise_that_is_added_on_a_flow_keeps_the_mean_and_the_spread(name: str) -> None:
    def gaussian_flow(x: Tensor, sigma: float) -> Tensor:
        share = 1.0 - sigma
        return MEAN + share * SPREAD**2 * (x - share * MEAN) / (share**2 * SPREAD**2 + sigma**2)

    sigmas = schedule.simple(FlowSampling(1.0), 100)
    x = torch.randn(1, 1, 100, 100, generator=torch.Generator().manual_seed(0))
    run = sampler.find(name).sampler(FLOW)
    result = list(run(gaussian_flow, State(0, x), sigmas, noise_for(name, x, sigmas)))[-1].x
    assert float(result.mean()) == pytest.approx(MEAN, abs=0.03)
    assert float(result.std()) == pytest.approx(SPREAD, rel=0.06)


def test_the_names_offered_are_those_that_run() -> None:
    assert set(sampler._BY_NAME) == set(SAMPLERS)


def test_an_unknown_sampler_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UnsupportedError, match=r"no sampler 'eular'.*euler"):
        sampler.find("eular")
