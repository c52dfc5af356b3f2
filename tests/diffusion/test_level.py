"""Working on schedules that are there."""

from __future__ import annotations

import pytest
import torch

from safelight.diffusion import level

SIGMAS = torch.tensor([14.0, 8.0, 4.0, 2.0, 1.0, 0.0])


def test_numbers_are_read_from_a_text_whatever_stands_between() -> None:
    assert level.written("14.6, 3.5;1 .5\n0").tolist() == pytest.approx([14.6, 3.5, 1.0, 0.5, 0.0])
    assert level.written("1.5e1, 2E-3 1..5").tolist() == pytest.approx([15.0, 0.002, 1.0, 0.5])
    assert len(level.written("")) == 0


def test_a_schedule_turned_round_begins_just_above_zero_and_ends_at_its_start() -> None:
    turned = level.flipped(SIGMAS)
    assert turned.tolist() == pytest.approx([1e-4, 1.0, 2.0, 4.0, 8.0, 14.0])
    assert float(SIGMAS[-1]) == 0.0, "the given one is not changed"
    assert len(level.flipped(torch.empty(0))) == 0


def test_a_split_gives_its_level_to_both_parts() -> None:
    high, low = level.split(SIGMAS, 2)
    assert (high.tolist(), low.tolist()) == ([14.0, 8.0, 4.0], [4.0, 2.0, 1.0, 0.0])


def test_a_split_by_strength_leaves_that_share_of_the_steps() -> None:
    high, low = level.split_by_strength(SIGMAS, 0.4)
    assert (high.tolist(), low.tolist()) == ([14.0, 8.0, 4.0, 2.0], [2.0, 1.0, 0.0])
    assert level.split_by_strength(SIGMAS, 1.0)[1].tolist() == SIGMAS.tolist()
    assert level.split_by_strength(SIGMAS, 0.0)[1].tolist() == [0.0]


def test_the_first_level_can_be_set() -> None:
    assert level.with_first(SIGMAS, 20.0).tolist() == [20.0, *SIGMAS[1:].tolist()]
    assert float(SIGMAS[0]) == 14.0


def test_steps_that_begin_in_a_range_are_divided() -> None:
    assert level.refined(SIGMAS, 2, 8.0, 4.0).tolist() == [14.0, 8.0, 6.0, 4.0, 3.0, 2.0, 1.0, 0.0]
    assert level.refined(SIGMAS, 1).tolist() == SIGMAS.tolist()


def test_new_levels_can_lie_near_the_lower_or_the_higher_one() -> None:
    lower, even, higher = (
        float(level.refined(torch.tensor([1.0, 0.0]), 2, spacing=spacing)[1])
        for spacing in ("cosine", "linear", "sine")
    )
    assert lower < even == 0.5 < higher


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("count", [0, 1, 6])
def test_a_plot_is_a_picture_with_a_dot_for_each_level(count: int, logarithmic: bool) -> None:
    picture = level.plot(SIGMAS[:count], 200, 150, logarithmic=logarithmic)
    assert (picture.shape, picture.dtype) == ((1, 150, 200, 3), torch.float32)
    assert 0.0 <= float(picture.min()) < float(picture.max()) <= 1.0
    dots = (picture[0] == torch.tensor([254, 202, 202]) / 255).all(-1)
    columns = dots.any(0).long()
    assert int((columns.diff(prepend=torch.zeros(1)) == 1).sum()) == count


def test_a_plot_falls_from_left_to_right() -> None:
    dots = (level.plot(SIGMAS)[0] == torch.tensor([254, 202, 202]) / 255).all(-1).nonzero()
    left, right = dots[dots[:, 1].argmin()], dots[dots[:, 1].argmax()]
    assert int(left[0]) < int(right[0])


def test_no_levels_have_no_first() -> None:
    assert len(level.with_first(torch.empty(0), 3.0)) == 0
