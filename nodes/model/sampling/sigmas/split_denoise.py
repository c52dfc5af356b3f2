"""SplitSigmasDenoise."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from nodes.types import Denoise
from safelight import Out, Sigmas, node


class Halves(NamedTuple):
    """The two parts of a schedule; the level at the split belongs to the second."""

    high_sigmas: Annotated[Sigmas, Out("The steps that are left out, with more noise.")]
    low_sigmas: Annotated[Sigmas, Out("The steps to walk, with less noise.")]


@node("SplitSigmasDenoise", category="model/sampling/sigmas", aliases=("strength", "image to image"))
def split_sigmas_by_strength(*, sigmas: Sigmas, denoise: Denoise = 1.0) -> Halves:
    """Split a schedule by strength: the second part is the share of its steps that makes a picture anew."""
    from safelight import diffusion

    return Halves(*diffusion.level.split_by_strength(sigmas, denoise))
