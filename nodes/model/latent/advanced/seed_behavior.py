"""Latent Batch Seed Behavior."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Latent, node

BEHAVIOUR = Choice(tip="Whether each gets noise of its own (random) or all the same (fixed).")


@node(
    "LatentBatchSeedBehavior",
    category="model/latent/advanced",
    title="Latent Batch Seed Behavior",
    aliases=("noise",),
)
def seed_behavior(
    *, samples: Latent, seed_behavior: Annotated[Literal["random", "fixed"], BEHAVIOUR] = "fixed"
) -> Latent:
    """Say whether the latent images of a batch start from the same noise."""
    from safelight import diffusion

    return diffusion.stack.seeded(samples, seed_behavior)
