"""Latent Add."""

from __future__ import annotations

from safelight import Latent, node


@node("LatentAdd", category="model/latent/advanced", title="Latent Add", aliases=("sum",))
def add(*, samples1: Latent, samples2: Latent) -> Latent:
    """Add two latent images, number by number. The second is brought to the size of the first."""
    from safelight import diffusion

    return diffusion.arithmetic.added(samples1, samples2)
