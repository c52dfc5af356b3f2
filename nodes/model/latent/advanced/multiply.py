"""Latent Multiply."""

from __future__ import annotations

from typing import Annotated

from safelight import Latent, Number, node

FACTOR = Number(min=-10.0, max=10.0, step=0.01, tip="1 changes nothing.")


@node("LatentMultiply", category="model/latent/advanced", title="Latent Multiply", aliases=("scale",))
def multiply(*, samples: Latent, multiplier: Annotated[float, FACTOR] = 1.0) -> Latent:
    """Multiply all numbers of a latent image; a little more than 1 raises the contrast."""
    from safelight import diffusion

    return diffusion.arithmetic.scaled(samples, multiplier)
