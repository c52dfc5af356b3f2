"""Latent Concat."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Latent, node

SIDE = Choice(tip="Along which axis (t is time, of videos); with a minus the second comes first.")


@node("LatentConcat", category="model/latent/advanced", title="Latent Concat", aliases=("join", "stitch"))
def concat(
    *,
    samples1: Latent,
    samples2: Latent,
    dim: Annotated[Literal["x", "-x", "y", "-y", "t", "-t"], SIDE] = "x",
) -> Latent:
    """Set two latent images side by side."""
    from safelight import diffusion

    return diffusion.splice.concatenated(samples1, samples2, dim)
