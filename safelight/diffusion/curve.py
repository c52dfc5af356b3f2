"""Curves through points in 0..1: straight from one to the next, or smooth without going beyond either.

The smooth kind takes as slope at a point the weighted harmonic mean of the slopes beside it, and none where
these have opposite signs, so that it rises where the points rise and has no waves of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.failure import UnsupportedError

KINDS = ("monotone_cubic", "linear")
POINTS_MAX = 64


@dataclass(frozen=True)
class Curve:
    """Points by ascending x, and how the curve goes from one to the next."""

    points: tuple[tuple[float, float], ...]
    interpolation: str = "monotone_cubic"

    def at(self, x: Tensor) -> Tensor:
        """How high the curve is at each x; left of its first point and right of its last it is level."""
        xs, ys = (
            torch.tensor(side, dtype=torch.float64, device=x.device)
            for side in zip(*self.points, strict=True)
        )
        if len(self.points) == 1:
            return torch.full_like(x, float(ys[0]))
        inside = x.double().clamp(xs[0], xs[-1])
        left = (torch.searchsorted(xs, inside, right=True) - 1).clamp(0, len(xs) - 2)
        width = (xs.diff())[left]
        t = (inside - xs[left]) / width
        low, high = ys[left], ys[left + 1]
        if self.interpolation == "linear":
            return (low + (high - low) * t).to(x.dtype)
        slopes = _slopes(xs, ys)
        rise, fall = slopes[left] * width, slopes[left + 1] * width
        smooth = low + t * (
            rise + t * (3 * (high - low) - 2 * rise - fall + t * (2 * (low - high) + rise + fall))
        )
        return smooth.to(x.dtype)


def _slopes(xs: Tensor, ys: Tensor) -> Tensor:
    """The slope of the smooth curve at each point."""
    widths = xs.diff()
    steps = ys.diff() / widths
    slopes = torch.empty_like(ys)
    slopes[0], slopes[-1] = steps[0], steps[-1]
    before, after = steps[:-1], steps[1:]
    one, other = 2 * widths[1:] + widths[:-1], widths[1:] + 2 * widths[:-1]
    same = before * after > 0
    mean = (one + other) / (one / before.where(same, 1) + other / after.where(same, 1))
    slopes[1:-1] = mean.where(same, 0)
    return slopes


def read(tree: Any) -> Curve:
    """The curve of `{"points": [[x, y], ...], "interpolation": kind}`; UnsupportedError if it is none."""
    remedy = "Give points as [x, y] from 0 to 1, each at an x of its own."
    if not isinstance(tree, Mapping) or not isinstance(tree.get("points"), (list, tuple)):
        raise UnsupportedError(f"{tree!r} is no curve", remedy)
    kind = tree.get("interpolation", KINDS[0])
    if kind not in KINDS:
        raise UnsupportedError(f"curves have no interpolation '{kind}'", f"Choose {' or '.join(KINDS)}.")
    points = sorted(_point(one, remedy) for one in tree["points"])
    if not 1 <= len(points) <= POINTS_MAX:
        raise UnsupportedError(f"a curve of {len(points)} points cannot be drawn", f"Give 1 to {POINTS_MAX}.")
    if len({x for x, _ in points}) < len(points):
        raise UnsupportedError("two points of the curve stand at the same x", remedy)
    return Curve(tuple(points), kind)


def _point(one: Any, remedy: str) -> tuple[float, float]:
    if isinstance(one, (list, tuple)) and len(one) == 2:
        x, y = one
        plain = all(isinstance(side, (int, float)) and not isinstance(side, bool) for side in one)
        if plain and 0 <= x <= 1 and 0 <= y <= 1:
            return float(x), float(y)
    raise UnsupportedError(f"{one!r} is no point of a curve", remedy)
