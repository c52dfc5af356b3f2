"""Strengths over a run: which holds at a level, and that none is passed over that is owed one."""

from __future__ import annotations

import pytest

from safelight.diffusion.keyframe import SHAPES, Keyframe, Keyframes, between, spread

TEN = [10.0, 8.0, 6.0, 4.0, 2.0]
"""The levels of a run of five steps."""


def level_at(part: float) -> float:
    """The level of a part of the run; before its beginning lies everything."""
    return round(10.0 * (1.0 - part), 6) if part > 0 else 99.0


def strengths(frames: Keyframes, levels: list[float] = TEN) -> list[float]:
    return [frames.strength(levels[: place + 1], level_at) for place in range(len(levels))]


def test_without_keyframes_the_strength_is_one() -> None:
    assert strengths(Keyframes()) == [1.0] * 5
    assert Keyframes().strength_within(0.3) == 1.0


def test_a_keyframe_holds_from_its_level_on() -> None:
    frames = Keyframes().added(Keyframe(0.5), Keyframe(2.0, 0.4), Keyframe(0.0, 0.8))
    assert strengths(frames) == [0.5, 0.5, 2.0, 2.0, 0.0]


def test_before_the_first_one_its_strength_holds() -> None:
    assert strengths(Keyframes().added(Keyframe(0.5, 0.4), Keyframe(1.0, 0.6))) == [0.5, 0.5, 0.5, 1.0, 1.0]
    assert Keyframes().added(Keyframe(0.5, 0.4)).strength_within(0.1) == 0.5


def test_keyframes_are_sorted_and_of_two_at_one_moment_the_later_one_holds() -> None:
    frames = Keyframes().added(Keyframe(3.0, 0.4), Keyframe(1.0)).added(Keyframe(2.0, 0.4))
    assert [frame.strength for frame in frames.frames] == [1.0, 3.0, 2.0]
    assert strengths(frames) == [1.0, 1.0, 2.0, 2.0, 2.0]
    assert frames.strength_within(0.4) == 2.0


def test_one_that_is_owed_a_level_is_not_passed_over() -> None:
    crowded = [Keyframe(0.1, 0.25), Keyframe(0.2, 0.3), Keyframe(0.3, 0.35)]
    owed = [Keyframe(one.strength, one.start, owed=1) for one in crowded]
    assert strengths(Keyframes().added(Keyframe(1.0), *crowded)) == [1.0, 1.0, 0.3, 0.3, 0.3]
    assert strengths(Keyframes().added(Keyframe(1.0), *owed)) == [1.0, 1.0, 0.1, 0.2, 0.3]


def test_what_began_before_the_run_is_owed_nothing() -> None:
    owed = [Keyframe(float(place), 0.1 * place, owed=1) for place in range(1, 5)]
    assert strengths(Keyframes().added(*owed), [6.0, 4.0]) == [4.0, 4.0]
    assert strengths(Keyframes().added(*owed), [6.5, 6.2, 4.0]) == [3.0, 3.0, 4.0]


@pytest.mark.parametrize("interpolation", SHAPES)
def test_strengths_go_from_the_first_to_the_last(interpolation: str) -> None:
    made = between(0.2, 1.4, 5, interpolation)  # type: ignore[arg-type]
    assert (made[0], made[-1]) == (pytest.approx(0.2), pytest.approx(1.4))
    assert made == sorted(made)
    assert between(1.0, 1.0, 3, interpolation) == [1.0] * 3  # type: ignore[arg-type]


def test_the_ways_differ_in_the_middle() -> None:
    middles = {name: between(0.0, 1.0, 5, name)[1] for name in SHAPES}  # type: ignore[arg-type]
    assert middles == {
        "linear": 0.25,
        "ease_in": 0.0625,
        "ease_out": 0.4375,
        "ease_in_out": pytest.approx(0.1464466),
    }


def test_keyframes_are_spread_evenly_and_the_first_is_owed_a_level() -> None:
    assert spread([1.0, 2.0, 3.0], 0.2, 0.6) == (
        Keyframe(1.0, 0.2, owed=1),
        Keyframe(2.0, pytest.approx(0.4)),  # type: ignore[arg-type]
        Keyframe(3.0, pytest.approx(0.6)),  # type: ignore[arg-type]
    )
    assert spread([5.0], 0.2, 0.6) == (Keyframe(5.0, 0.2, owed=1),)
    assert spread([], 0.2, 0.6) == ()


def test_keyframes_come_back_from_their_tree() -> None:
    frames = Keyframes(spread([0.1, 0.7], 0.0, 1.0))
    again = Keyframes.from_tree(frames.to_tree())
    assert again == frames
    assert again.key == frames.key != Keyframes(spread([0.1, 0.7], 0.0, 0.9)).key
