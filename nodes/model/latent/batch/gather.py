"""Batch Latents, of any number."""

from __future__ import annotations

from functools import reduce
from typing import Annotated

from safelight import Growing, Latent, node

Latents = Annotated[
    dict[str, Latent],
    Growing("latent", min=1, max=50, tip="Latents or batches; a new input appears at the end."),
]


@node(
    "BatchLatentsNode",
    category="model/latent/batch",
    title="Batch Latents",
    aliases=("combine", "stack", "batch"),
)
def gather(*, latents: Latents) -> Latent:
    """Put any number of latents and batches into one batch; all are brought to the size of the first."""
    from safelight import diffusion

    return reduce(diffusion.stack.joined, latents.values())
