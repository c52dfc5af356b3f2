"""The course of an entry's hooks over one run: what is changed in the model at each noise level."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from safelight.diffusion.handle import Patch
from safelight.diffusion.hook import Hooks, patches


@dataclass(frozen=True, eq=False)
class Course:
    """Hooks on a run that visits these levels; `level_at` gives the level of a part of it.

    What holds at a level depends on it and on the levels above it alone, so that a run which goes another way
    later is the same up to there.
    """

    hooks: Hooks
    levels: tuple[float, ...]
    level_at: Callable[[float], float]
    _known: dict[float, tuple[Patch, ...]] = field(default_factory=dict)

    def patches(self, level: float) -> tuple[Patch, ...]:
        """What is changed at a level, in its order; nothing where every strength is 0."""
        if level not in self._known:
            self._known[level] = patches(self._held([*self._above(level), level]))
        return self._known[level]

    def _above(self, level: float) -> list[float]:
        return sorted({one for one in self.levels if one > level}, reverse=True)

    def _held(self, passed: list[float]) -> Iterable[tuple[Patch | None, float]]:
        return [(hook.model, hook.frames.strength(passed, self.level_at)) for hook in self.hooks.hooks]
