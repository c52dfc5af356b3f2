"""SetFirstSigma."""

from __future__ import annotations

from typing import Annotated

from safelight import Number, Sigmas, node

SIGMA = Number(min=0.0, max=20_000.0, step=0.001, tip="The level to begin at.")


@node("SetFirstSigma", category="model/sampling/sigmas")
def set_first_sigma(*, sigmas: Sigmas, sigma: Annotated[float, SIGMA] = 136.0) -> Sigmas:
    """Begin a schedule at another level; the other levels stay."""
    from safelight import diffusion

    return diffusion.level.with_first(sigmas, sigma)
