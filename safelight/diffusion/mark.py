"""The waypoints of one run: those of earlier runs that lie on its way, and those that it leaves itself.

A run leaves its state where guidance changes, before its last step, and at its end unless that is at zero:
the places from which a run that goes another way can go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from safelight.diffusion.sampler.state import State
from safelight.diffusion.snapshot import Snapshot, restored, taken
from safelight.diffusion.trail import Trail
from safelight.diffusion.watch import Checkpoint, Waypoints

TURNS = 8
"""How many of the points at which guidance changes are kept of one run."""


class Marks:
    """Nothing is kept and nothing found, if there is no place for it."""

    @classmethod
    def of(cls, checkpoint: Checkpoint, trail: Callable[[], Trail] | None) -> Marks:
        """Those of a run with this trail, which may raise `TypeError` where it cannot be told."""
        if checkpoint.waypoints is None or trail is None:
            return cls()
        try:
            return _Kept(checkpoint.waypoints, trail())
        except TypeError:
            return cls()

    def nearest(self, device: torch.device) -> Snapshot | None:
        """The furthest state on this way that an earlier run left."""
        return None

    def passed(self, before: State, after: State, asked: Sequence[float], count: int) -> None:
        """Hear of a step; the model was asked at these levels so far, the first `count` before it."""


class _Kept(Marks):
    """The marks of a run whose trail is known, and where they are kept."""

    def __init__(self, waypoints: Waypoints, trail: Trail) -> None:
        self._waypoints, self._trail = waypoints, trail
        self._total, self._turns = len(trail.sigmas) - 1, 0

    def nearest(self, device: torch.device) -> Snapshot | None:
        """The furthest state on this way that an earlier run left."""
        return self._waypoints.nearest(
            self._trail.root, self._trail.fits, lambda tree: restored(tree, device)
        )

    def passed(self, before: State, after: State, asked: Sequence[float], count: int) -> None:
        """Keep what is worth it."""
        ends = after.step == self._total
        if ends or (self._turns < TURNS and self._turn(asked, count)):
            self._turns += 1
            self._keep(before, asked[:count])
        if ends and float(self._trail.sigmas[-1]) > 0.0:
            self._keep(after, asked)

    def _turn(self, asked: Sequence[float], count: int) -> bool:
        """Whether somebody else guides a step than guided what was before it."""
        casts = [self._trail.voices.cast(level) for level in asked[max(count - 1, 0) :]]
        return count > 0 and any(one != casts[0] for one in casts)

    def _keep(self, state: State, asked: Sequence[float]) -> None:
        if state.step:
            about = self._trail.about(state.step, asked)
            self._waypoints.keep(self._trail.root, about, lambda: taken(state, asked))
