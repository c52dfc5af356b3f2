"""Batch Latents."""

from __future__ import annotations

from safelight import Latent, node


@node(
    "LatentBatch",
    category="model/latent/batch",
    title="Batch Latents",
    aliases=("combine",),
    deprecated="Use Batch Latents (BatchLatentsNode), which takes any number of them.",
)
def join(*, samples1: Latent, samples2: Latent) -> Latent:
    """Put two batches of latent images into one; the second is brought to the size of the first."""
    from safelight import diffusion

    return diffusion.stack.joined(samples1, samples2)
