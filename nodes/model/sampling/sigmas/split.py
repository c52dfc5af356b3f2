"""SplitSigmas."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Number, Out, Sigmas, node

STEP = Number(min=0, max=10_000, tip="The step to split at: so many go to the first part.")


class Halves(NamedTuple):
    """The two parts of a schedule; the level at the split belongs to both."""

    high_sigmas: Annotated[Sigmas, Out("The steps before, with more noise.")]
    low_sigmas: Annotated[Sigmas, Out("The steps after, with less noise.")]


@node("SplitSigmas", category="model/sampling/sigmas", aliases=("refiner",))
def split_sigmas(*, sigmas: Sigmas, step: Annotated[int, STEP] = 0) -> Halves:
    """Split a schedule at a step, so that two samplers can share one run."""
    from safelight import diffusion

    return Halves(*diffusion.level.split(sigmas, step))
