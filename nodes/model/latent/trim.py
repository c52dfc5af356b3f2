"""Trim Video Latent."""

from __future__ import annotations

from typing import Annotated

from safelight import Latent, Number, node

AMOUNT = Number(min=0, max=99999, tip="How many latent frames to leave out at the beginning.")


@node("TrimVideoLatent", category="model/latent", title="Trim Video Latent", aliases=("cut", "frames"))
def trim(*, samples: Latent, trim_amount: Annotated[int, AMOUNT] = 0) -> Latent:
    """Leave out the first frames of a video's latent."""
    from safelight import diffusion

    return diffusion.footage.trimmed(samples, trim_amount)
