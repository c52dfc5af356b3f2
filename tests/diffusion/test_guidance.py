from __future__ import annotations

import torch
from torch import Tensor

from bench.standin import StandIn
from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.entry import prepare
from safelight.diffusion.guidance import ClassifierFree, Guided, Rule

X = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
POSITIVE, NEGATIVE = ([[torch.full((1, 77, 768), value), {}]] for value in (1.0, -1.0))


class Counting(StandIn):
    def __init__(self) -> None:
        self.pictures = 0

    def __call__(self, x: Tensor, timestep: Tensor, context: Tensor) -> Tensor:
        self.pictures += len(x)
        return super().__call__(x, timestep, context)


def guided(rule: Rule, network: StandIn) -> Guided:
    prompts = {"positive": POSITIVE, "negative": NEGATIVE}
    return Guided(Denoiser(network), dict(zip(prompts, prepare(network, X, prompts), strict=True)), rule)


def test_guidance_goes_from_the_negative_past_the_positive() -> None:
    network = Counting()
    result = guided(ClassifierFree(7.0), network)(X, 2.0)
    positive, negative = (
        Denoiser(network)(X, 2.0, prepare(network, X, {"positive": side}))[0] for side in (POSITIVE, NEGATIVE)
    )
    torch.testing.assert_close(result, negative + 7.0 * (positive - negative))


def test_a_scale_of_one_is_the_positive_prediction_and_asks_for_no_other() -> None:
    network = Counting()
    result = guided(ClassifierFree(1.0), network)(X, 2.0)
    assert network.pictures == 1
    alone = prepare(network, X, {"positive": POSITIVE})
    assert torch.equal(result, Denoiser(network)(X, 2.0, alone)[0])


def test_a_scale_of_zero_is_the_negative_prediction() -> None:
    network = Counting()
    alone = prepare(network, X, {"negative": NEGATIVE})
    torch.testing.assert_close(
        guided(ClassifierFree(0.0), network)(X, 2.0), Denoiser(network)(X, 2.0, alone)[0]
    )
