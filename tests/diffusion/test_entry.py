from __future__ import annotations

import pytest
import torch

from bench.standin import StandIn
from safelight.diffusion import conditioning
from safelight.diffusion.entry import Area, Entry, prepare
from safelight.diffusion.failure import UnsupportedError

LATENT = torch.zeros(2, 4, 32, 48)
SD = StandIn.sampling


def prompt(value: float = 1.0) -> list:
    return [[torch.full((1, 77, 768), value), {}]]


def prepared(positive: list, negative: list | None = None) -> tuple[tuple[Entry, ...], ...]:
    sides = {"positive": positive, "negative": prompt(-1.0) if negative is None else negative}
    return prepare(StandIn(), LATENT, sides)


def area(**where: int) -> list:
    return conditioning.set_area(prompt(), strength=1.0, **where)


def test_a_plain_prompt_speaks_everywhere_and_always_with_weight_one() -> None:
    [[entry], [_]] = prepared(prompt())
    assert entry.weight is None
    assert entry.crop(LATENT) is LATENT
    assert all(entry.speaks(sigma) for sigma in (SD.sigma_max, 1.0, SD.sigma_min))


def test_a_range_is_held_from_its_start_to_its_end_both_included() -> None:
    [[entry], [_]] = prepared(conditioning.set_timestep_range(prompt(), 0.25, 0.75))
    start, end = SD.percent_to_sigma(0.25), SD.percent_to_sigma(0.75)
    assert [entry.speaks(sigma) for sigma in (start * 1.001, start, end, end * 0.999)] == [
        False,
        True,
        True,
        False,
    ]


def test_an_area_in_pixels_is_one_in_cells_and_is_cut_at_the_pictures_edge() -> None:
    [[entry], _] = prepared(area(width=256, height=64, x=256, y=64))
    assert entry.area == Area(8, 16, 8, 32)
    assert entry.crop(LATENT).shape == (2, 4, 8, 16)


def test_an_area_in_parts_follows_the_picture() -> None:
    parts = conditioning.set_area_percent(prompt(), width=0.5, height=0.25, x=0.5, y=0.75, strength=1)
    [[entry], _] = prepared(parts)
    assert entry.area == Area(8, 24, 24, 24)


def test_an_area_outside_of_the_picture_is_told() -> None:
    with pytest.raises(UnsupportedError, match="x 640, y 0, outside of a picture of 384 x 256"):
        prepared(area(width=64, height=64, x=640, y=0))


def test_the_weight_of_an_area_rises_over_eight_cells_from_inner_edges_only() -> None:
    [[entry], _] = prepared(area(width=384, height=128, x=0, y=128))
    rise = torch.tensor([1, 2, 3, 4]) / 4  # a quarter of sixteen cells is less than eight
    torch.testing.assert_close(entry.weight[0, 0, :4, 0], rise)
    assert bool((entry.weight[0, 0, 4:] == 1).all())
    [[entry], _] = prepared(area(width=256, height=256, x=0, y=0))
    torch.testing.assert_close(entry.weight[0, 0, 0, -8:], torch.arange(8, 0, -1) / 8)


def test_a_strength_alone_is_a_weight() -> None:
    [[entry], _] = prepared(conditioning.set_strength(prompt(), 0.5))
    assert entry.weight.unique().tolist() == [0.5]


def test_a_mask_is_brought_to_the_latents_size_and_multiplied_by_both_strengths() -> None:
    mask = torch.zeros(256, 384)
    mask[:, 192:] = 1.0
    masked = conditioning.set_strength(conditioning.set_mask(prompt(), mask, 0.5), 3.0)
    [[entry], _] = prepared(masked)
    assert entry.weight.shape == (1, 1, 32, 48)
    assert entry.weight[0, 0, 0, 20:28].tolist() == [0.0] * 4 + [1.5] * 4


def test_the_bounds_of_a_mask_are_an_area_of_at_least_eight_cells_without_ramps() -> None:
    mask = torch.zeros(32, 48)
    mask[10:12, 20:40] = 0.5
    [[entry], _] = prepared(conditioning.set_mask(prompt(), mask, 1.0, "mask bounds"))
    assert entry.area == Area(8, 20, 10, 20)
    assert entry.weight[0, 0, :2].unique().tolist() == [0.5]
    assert not entry.weight[0, 0, 2:].any()


def test_the_bounds_of_an_empty_mask_are_the_first_eight_cells() -> None:
    [[entry], _] = prepared(conditioning.set_mask(prompt(), torch.zeros(32, 48), 1.0, "mask bounds"))
    assert entry.area == Area(8, 8, 0, 0)


def test_an_area_is_answered_on_the_other_side_by_its_smallest_entry_around_it() -> None:
    negative = conditioning.combine(
        conditioning.set_area(prompt(-2.0), width=256, height=256, x=0, y=0, strength=1.0), prompt(-1.0)
    )
    [_, answers] = prepared(area(width=64, height=64, x=8, y=8), negative)
    assert [float(entry.context.mean()) for entry in answers] == [-2.0, -1.0, -2.0]
    assert answers[2].area == Area(8, 8, 1, 1)
    [positive, answers] = prepared(area(width=64, height=64, x=320, y=8), negative)
    assert float(answers[2].context.mean()) == -1.0
    assert len(positive) == 1, "the negative area lies in no positive entry"


def test_an_area_that_both_sides_have_is_not_answered_again() -> None:
    both = area(width=64, height=64, x=8, y=8)
    assert [len(side) for side in prepared(both, both)] == [1, 1]


def test_an_answer_holds_when_and_where_what_it_answers_does() -> None:
    asked = conditioning.set_timestep_range(area(width=64, height=64, x=8, y=8), 0.0, 0.5)
    [[entry], [_, answer]] = prepared(asked)
    assert (answer.start, answer.end, answer.strength) == (entry.start, entry.end, entry.strength)
    torch.testing.assert_close(answer.weight, entry.weight)


def test_the_network_is_told_which_side_a_prompt_is_on() -> None:
    heard = []

    class Listening(StandIn):
        def extras(self, entry, latent):
            heard.append(entry["prompt_type"])
            return {}

    prepare(Listening(), LATENT, {"positive": prompt(), "negative": prompt()})
    assert heard == ["positive", "negative"]
