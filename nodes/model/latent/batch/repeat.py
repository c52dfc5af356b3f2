"""Repeat Latent Batch."""

from __future__ import annotations

from typing import Annotated

from safelight import Latent, Number, node

AMOUNT = Number(min=1, max=64, tip="How many times the batch comes.")


@node("RepeatLatentBatch", category="model/latent/batch", title="Repeat Latent Batch", aliases=("duplicate",))
def repeat(*, samples: Latent, amount: Annotated[int, AMOUNT] = 1) -> Latent:
    """Put a batch of latent images after itself several times, each time with other noise."""
    from safelight import diffusion

    return diffusion.stack.repeated(samples, amount)
