"""Latent Subtract."""

from __future__ import annotations

from safelight import Latent, node


@node("LatentSubtract", category="model/latent/advanced", title="Latent Subtract", aliases=("difference",))
def subtract(*, samples1: Latent, samples2: Latent) -> Latent:
    """Take the second latent image from the first, number by number. It is brought to the first's size."""
    from safelight import diffusion

    return diffusion.arithmetic.added(samples1, samples2, -1.0)
