"""Samplers that nodes of their own give: against Euler's method and LCM, which they vary."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

from safelight.diffusion import sampler
from safelight.diffusion.flow import FlowSampling
from safelight.diffusion.noise import StreamNoise
from safelight.diffusion.sampler import State
from safelight.diffusion.sigma import DiscreteSampling

MODEL = DiscreteSampling.scaled_linear()
SIGMAS = torch.tensor([10.0, 4.0, 1.0, 0.0])
X = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1)) * 10
POSITIVE, NEGATIVE = torch.randn(2, 1, 4, 8, 8, generator=torch.Generator().manual_seed(2))


class Guided:
    """Two prompts that each expect one picture."""

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        return POSITIVE

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        return POSITIVE, NEGATIVE


def finished(name: str, **settings: float) -> Tensor:
    made = sampler.find(name).sampler(MODEL, **settings)
    return list(made(Guided(), State(0, X), SIGMAS, StreamNoise(X, 5)))[-1].x


def test_the_older_cfg_pp_goes_from_the_negative_to_the_positive() -> None:
    x = X
    for sigma, after in pairwise(SIGMAS):
        x = x + (x - 2 * POSITIVE + NEGATIVE) / sigma * (after - sigma)
    torch.testing.assert_close(finished("euler_pp"), x)


def test_lcm_with_noise_as_it_is_is_lcm() -> None:
    assert torch.equal(finished("lcm_scaled"), finished("lcm"))


def states(**settings: float) -> list[Tensor]:
    made = sampler.find("lcm_scaled").sampler(MODEL, **settings)
    return [state.x for state in made(Guided(), State(0, X), SIGMAS, StreamNoise(X, 5))]


def test_the_strength_of_noise_goes_evenly_from_one_number_to_another() -> None:
    plain, scaled = states(), states(s_noise=2.0, s_noise_end=4.0)
    for step, factor in ((0, 2.0), (1, 3.0)):
        torch.testing.assert_close(scaled[step] - POSITIVE, (plain[step] - POSITIVE) * factor)
    assert torch.equal(scaled[2], POSITIVE)


def test_noise_is_cut_off_at_so_many_of_its_spreads() -> None:
    noise = (states()[0] - POSITIVE) / SIGMAS[1]
    cut = (states(noise_clip_std=1.5)[0] - POSITIVE) / SIGMAS[1]
    bound = float(noise.std()) * 1.5
    torch.testing.assert_close(cut, noise.clamp(-bound, bound))
    assert not torch.equal(cut, noise)


def test_down_a_flow_the_picture_fades_as_the_noise_grows() -> None:
    sigmas = torch.tensor([1.0, 0.25, 0.0])
    made = sampler.find("lcm_scaled").sampler(FlowSampling(), s_noise=0.0, s_noise_end=0.0)
    first = next(iter(made(Guided(), State(0, X), sigmas, StreamNoise(X, 5))))
    torch.testing.assert_close(first.x, POSITIVE * 0.75)


def test_the_steps_of_a_changing_strength_depend_on_the_whole_schedule() -> None:
    assert sampler.find("lcm_scaled").depends == "schedule"
