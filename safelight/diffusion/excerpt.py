"""Which part of a film: by time, by frames, and at random."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random


def follows(indices: Sequence[int]) -> bool:
    """Whether frames follow each other without a gap."""
    return bool(indices) and list(indices) == list(range(indices[0], indices[0] + len(indices)))


def within(seconds: float, start: float, duration: float, strict: bool) -> tuple[float, float] | None:
    """Where a part of something begins and ends; None if there is nothing of it, or not all that must be."""
    begin = max(0.0, seconds + start) if start < 0 else start
    end = begin + duration if duration else seconds
    if begin >= seconds or (strict and end > seconds + 1e-3):
        return None
    return begin, min(end, seconds)


def shown_within(part: tuple[float, float], rate: Fraction, count: int) -> range:
    """Which of `count` frames are those of a part: one at least, for the last is shown for a while too."""
    first = min(round(part[0] * rate), count - 1)
    return range(first, min(count, max(first + 1, round(part[1] * rate))))


def chosen(count: int, wanted: int, strategy: str, seed: int) -> Sequence[int]:
    """Which of `count` frames to take: evenly, from the head or the tail, or at random; in their order."""
    taken = min(count, wanted)
    match strategy:
        case "head":
            return range(taken)
        case "tail":
            return range(count - taken, count)
        case "random":
            return sorted(Random(seed).sample(range(count), taken))
    gaps = max(1, taken - 1)
    return [round(place * (count - 1) / gaps) for place in range(taken)]


def anywhere(count: int, wanted: int, seed: int) -> Sequence[int]:
    """So many frames that follow each other, at a place drawn from the seed."""
    taken = min(count, wanted)
    first = Random(seed).randint(0, count - taken)
    return range(first, first + taken)
