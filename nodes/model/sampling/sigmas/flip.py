"""FlipSigmas."""

from __future__ import annotations

from safelight import Sigmas, node


@node("FlipSigmas", category="model/sampling/sigmas", aliases=("reverse", "unsampling"))
def flip_sigmas(*, sigmas: Sigmas) -> Sigmas:
    """Turn a schedule round, to walk from a picture back to the noise that would make it."""
    from safelight import diffusion

    return diffusion.level.flipped(sigmas)
