"""Add Noise to Image."""

from __future__ import annotations

from typing import Annotated

from nodes.types import SetSeed
from safelight import Image, Number, node

STRENGTH = Number(min=0.0, max=1.0, step=0.01, tip="The noise's standard deviation.")


@node("ImageAddNoise", category="image/filters", title="Add Noise to Image", aliases=("grain",))
def noise(*, image: Image, seed: SetSeed = 0, strength: Annotated[float, STRENGTH] = 0.5) -> Image:
    """Lay grain over pictures."""
    from safelight import diffusion

    return diffusion.filter.add_noise(image, seed, strength)
