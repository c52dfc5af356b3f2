"""Curves: through their points, smooth without waves, level beyond their ends."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from safelight.diffusion import colour, curve
from safelight.diffusion.failure import UnsupportedError

POINTS = [[0.0, 0.1], [0.3, 0.2], [0.5, 0.9], [1.0, 1.0]]


def drawn(points: list[list[float]], interpolation: str = "monotone_cubic") -> curve.Curve:
    return curve.read({"points": points, "interpolation": interpolation})


@pytest.mark.parametrize("interpolation", curve.KINDS)
def test_a_curve_goes_through_its_points_and_is_level_beyond_them(interpolation: str) -> None:
    made = drawn([[0.2, 0.5], [0.6, 0.1]], interpolation)
    assert made.at(torch.tensor([0.0, 0.2, 0.6, 1.0])).tolist() == pytest.approx([0.5, 0.5, 0.1, 0.1])
    through = drawn(POINTS, interpolation).at(torch.tensor([x for x, _ in POINTS]))
    assert through.tolist() == pytest.approx([y for _, y in POINTS])


def test_a_smooth_curve_rises_where_its_points_rise() -> None:
    heights = drawn(POINTS).at(torch.linspace(0, 1, 501))
    assert bool((heights.diff() >= -1e-7).all())
    assert float(heights.max()) <= 1.0


def test_two_points_make_a_straight_line_and_one_point_a_level() -> None:
    x = torch.linspace(0, 1, 11)
    assert torch.allclose(drawn([[0, 0], [1, 1]]).at(x), x)
    assert drawn([[0.5, 0.25]]).at(x).tolist() == [0.25] * 11


def test_points_may_come_in_any_order() -> None:
    assert drawn(POINTS[::-1]) == drawn(POINTS)


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        {},
        {"points": []},
        {"points": [[0, 0], [0, 1]]},
        {"points": [[0, 2]]},
        {"points": [["a", 0]]},
        {"points": [[True, 0]]},
        {"points": [[0.1]]},
        {"points": [[0, 0]], "interpolation": "wild"},
        {"points": [[n / 100, 0] for n in range(100)]},
    ],
)
def test_what_is_no_curve_is_refused_with_a_remedy(tree: Any) -> None:
    with pytest.raises(UnsupportedError) as caught:
        curve.read(tree)
    assert caught.value.remedy


def test_levels_of_one_colour_follow_the_curve_and_alpha_stays() -> None:
    image = torch.tensor([0.2, 0.4, 0.6, 0.5]).view(1, 1, 1, 4)
    inverse = drawn([[0, 1], [1, 0]])
    assert colour.toned(image, inverse).flatten().tolist() == pytest.approx([0.8, 0.6, 0.4, 0.5])
    assert colour.toned(image, inverse, "green").flatten().tolist() == pytest.approx([0.2, 0.6, 0.6, 0.5])
