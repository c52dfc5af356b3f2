"""Normalize Image Colors."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, Out, node

MEAN = Number(min=0.0, max=1.0, advanced=True, tip="What becomes 0.")
DEVIATION = Number(min=0.001, max=1.0, advanced=True, tip="How far from it becomes 1.")


@node("NormalizeImages", category="image/color", title="Normalize Image Colors", experimental=True)
def normalize(
    *, images: Image, mean: Annotated[float, MEAN] = 0.5, std: Annotated[float, DEVIATION] = 0.5
) -> Annotated[Image, Out("The numbers, no longer from 0 to 1.", name="images")]:
    """Shift and scale the numbers of pictures, as some models want them: (image - mean) / std."""
    from safelight import diffusion

    return diffusion.colour.normalized(images, mean, std)
