from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from bench.standin import StandIn
from safelight.diffusion import conditioning
from safelight.diffusion.denoiser import Denoiser, repeated
from safelight.diffusion.entry import prepare

X = torch.randn(2, 4, 32, 32, generator=torch.Generator().manual_seed(0))


class Counting(StandIn):
    """The stand-in, remembering the shapes that each call has."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, ...]] = []

    def __call__(self, x: Tensor, timestep: Tensor, context: Tensor, **extras: Tensor) -> Tensor:
        self.calls.append(tuple(x.shape))
        assert len(timestep) == len(context) == len(x)
        assert all(len(value) == len(x) for value in extras.values())
        return super().__call__(x, timestep, context)


class Constant(StandIn):
    """Predicts the first number of the prompt everywhere: its weights can be read from the result."""

    sampling = StandIn.sampling.__class__.scaled_linear(prediction="x0")

    def __call__(self, x: Tensor, timestep: Tensor, context: Tensor) -> Tensor:
        return context[:, 0, 0, None, None, None].expand_as(x)


def prompt(value: float, tokens: int = 77) -> list:
    return [[torch.full((1, tokens, 768), value), {}]]


def predicted(network: StandIn, *sides: list, sigma: float = 2.0, together: bool = True) -> list[Tensor]:
    entries = prepare(network, X, dict(zip(("positive", "negative"), sides, strict=False)))
    return Denoiser(network, together=together)(X, sigma, entries)


def test_two_prompts_share_a_call_or_have_one_each_as_asked() -> None:
    shared, apart = Counting(), Counting()
    one = predicted(shared, prompt(1.0), prompt(-1.0))
    two = predicted(apart, prompt(1.0), prompt(-1.0), together=False)
    assert shared.calls == [(4, 4, 32, 32)]
    assert apart.calls == [(2, 4, 32, 32)] * 2
    for a, b in zip(one, two, strict=True):
        torch.testing.assert_close(a, b)


def test_prompts_of_77_and_154_tokens_share_a_call_and_75_and_77_do_not() -> None:
    network = Counting()
    longer = predicted(network, prompt(1.0, 154), prompt(-1.0))
    assert network.calls == [(4, 4, 32, 32)]
    torch.testing.assert_close(longer[1], predicted(Counting(), prompt(-1.0))[0])
    network.calls.clear()
    predicted(network, prompt(1.0, 75), prompt(-1.0))
    assert len(network.calls) == 2


def test_areas_of_one_size_share_a_call_of_just_their_cells() -> None:
    network = Counting()
    left, right = (
        conditioning.set_area(prompt(1.0), width=128, height=256, x=x, y=0, strength=1.0) for x in (0, 128)
    )
    predicted(network, conditioning.combine(left, right))
    assert network.calls == [(4, 4, 32, 16)]


def test_a_prompt_has_the_batchs_size_whatever_its_own() -> None:
    three = [[torch.randn(3, 77, 768), {}]]
    both = predicted(StandIn(), three)[0]
    torch.testing.assert_close(both[1:], predicted(StandIn(), [[three[0][0][1:2], {}]])[0][1:])
    assert repeated(torch.arange(2)[:, None], 5).flatten().tolist() == [0, 1, 0, 1, 0]


def test_prompts_that_meet_are_averaged_by_strength() -> None:
    louder = conditioning.set_strength(prompt(5.0), 3.0)
    [x0] = predicted(Constant(), conditioning.combine(prompt(1.0), louder))
    torch.testing.assert_close(x0, torch.full_like(X, 4.0))


def test_an_area_counts_within_itself_only_and_less_at_its_edge() -> None:
    area = conditioning.set_area(prompt(3.0), width=128, height=256, x=128, y=0, strength=1.0)
    [x0] = predicted(Constant(), conditioning.combine(prompt(1.0), area))
    assert x0[0, 0, 0, :16].unique().tolist() == [1.0]
    assert float(x0[0, 0, 0, 16]) == pytest.approx((1 + 3 * 0.25) / 1.25)
    assert float(x0[0, 0, 0, 31]) == pytest.approx(2.0)


def test_masks_share_a_picture_out() -> None:
    left = torch.zeros(32, 32)
    left[:, :16] = 1.0
    sides = [
        conditioning.set_mask(prompt(value), mask, 1.0) for value, mask in ((2.0, left), (7.0, 1 - left))
    ]
    [x0] = predicted(Constant(), conditioning.combine(*sides))
    assert x0[..., :16].unique().tolist() == [2.0]
    assert x0[..., 16:].unique().tolist() == [7.0]


def test_cells_that_no_prompt_speaks_about_are_zero() -> None:
    [x0] = predicted(
        Constant(), conditioning.set_area(prompt(3.0), width=64, height=64, x=0, y=0, strength=1.0)
    )
    assert not x0[..., 8:, :].any()
    assert x0.isfinite().all()


def test_prompts_take_turns_by_their_ranges() -> None:
    first = conditioning.set_timestep_range(prompt(1.0), 0.0, 0.5)
    second = conditioning.set_timestep_range(prompt(2.0), 0.5, 1.0)
    network, both = Constant(), conditioning.combine(first, second)
    assert predicted(network, both, sigma=10.0)[0].unique().tolist() == [1.0]
    assert predicted(network, both, sigma=0.1)[0].unique().tolist() == [2.0]


def test_when_nobody_speaks_the_prediction_is_zero_and_the_network_is_not_asked() -> None:
    network = Counting()
    [x0] = predicted(network, conditioning.set_timestep_range(prompt(1.0), 0.0, 0.1), sigma=0.1)
    assert network.calls == []
    assert not x0.any()


def test_extras_of_entries_that_share_a_call_are_joined_and_others_kept_apart() -> None:
    class Sized(Counting):
        def extras(self, entry: dict[str, Any], latent: Tensor) -> dict[str, Tensor]:
            return {"sizes": torch.zeros(1, entry.get("width", 6))}

    network = Sized()
    predicted(network, prompt(1.0), prompt(2.0))
    assert len(network.calls) == 1
    network.calls.clear()
    predicted(network, prompt(1.0), [[prompt(2.0)[0][0], {"width": 5}]])
    assert len(network.calls) == 2
