"""Keyframes: how strong something is over the course of a run, as steps from one strength to the next.

Each keyframe says from which part of the run on (0 is its beginning, 1 its end) what strength holds. Before
the first one begins, its strength holds already. Imports no torch.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Literal

Interpolation = Literal["linear", "ease_in", "ease_out", "ease_in_out"]

SHAPES: Mapping[str, Callable[[float], float]] = {
    "linear": lambda way: way,
    "ease_in": lambda way: way**2,
    "ease_out": lambda way: 1 - (1 - way) ** 2,
    "ease_in_out": lambda way: (1 - math.cos(way * math.pi)) / 2,
}
"""How far a strength has gone, 0 to 1, when so much of its way's time is over."""


@dataclass(frozen=True)
class Keyframe:
    """A strength, the part of the run from which it holds, and at how many levels at least it does.

    A keyframe that is owed levels is not skipped by a later one that begins before the next level is reached,
    unless it begins before the run does.
    """

    strength: float
    start: float = 0.0
    owed: int = 0


@dataclass(frozen=True)
class Keyframes:
    """Keyframes by their beginning (HOOK_KEYFRAMES); without any the strength is 1."""

    frames: tuple[Keyframe, ...] = ()
    kind: ClassVar[str] = "hook_keyframes"

    def added(self, *frames: Keyframe) -> Keyframes:
        """These, too; of several that begin at one moment the last holds."""
        return Keyframes(tuple(sorted((*self.frames, *frames), key=lambda frame: frame.start)))

    def strength(self, levels: Sequence[float], level_at: Callable[[float], float]) -> float:
        """The strength at the last of the noise levels that a run has come to, from its highest one down.

        `level_at` gives the noise level of a part of the run.
        """
        if not self.frames:
            return 1.0
        starts = [level_at(frame.start) for frame in self.frames]
        owed = [
            0 if start > levels[0] else frame.owed for frame, start in zip(self.frames, starts, strict=True)
        ]
        place = held = 0
        for level in levels:
            if held >= owed[place]:
                begun = [later for later in range(place + 1, len(starts)) if starts[later] >= level]
                if begun:
                    place, held = next((later for later in begun if owed[later]), begun[-1]), 0
            held += 1
        return self.frames[place].strength

    def strength_within(self, start: float) -> float:
        """The strength from a moment (0..1) to the next keyframe, whatever levels a run visits."""
        begun = [frame for frame in self.frames if frame.start <= start]
        return (begun[-1] if begun else self.frames[0]).strength if self.frames else 1.0

    @cached_property
    def key(self) -> str:
        """What they are, as hex."""
        return hashlib.sha256(json.dumps(self.to_tree()).encode()).hexdigest()

    def to_tree(self) -> dict[str, Any]:
        """As plain values."""
        return {"frames": [[frame.strength, frame.start, frame.owed] for frame in self.frames]}

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Keyframes:
        """The inverse of `to_tree`."""
        return cls(tuple(Keyframe(*frame) for frame in tree["frames"]))


def spread(strengths: Sequence[float], start: float, end: float) -> tuple[Keyframe, ...]:
    """Keyframes of these strengths, evenly from one moment to another; the first has a level for certain."""
    steps = max(1, len(strengths) - 1)
    frames = [
        Keyframe(float(strength), start + (end - start) * place / steps)
        for place, strength in enumerate(strengths)
    ]
    return tuple(replace(frame, owed=1) if place == 0 else frame for place, frame in enumerate(frames))


def between(first: float, last: float, count: int, interpolation: Interpolation) -> list[float]:
    """So many strengths from the first to the last."""
    shape = SHAPES[interpolation]
    return [first + (last - first) * shape(place / max(1, count - 1)) for place in range(count)]
