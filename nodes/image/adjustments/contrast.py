"""Adjust Contrast."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, Out, node

FACTOR = Number(min=0.0, max=2.0, tip="1 changes nothing, 0 makes grey, 2 doubles every difference.")


@node("AdjustContrast", category="image/adjustments", title="Adjust Contrast", experimental=True)
def contrast(
    *, images: Image, factor: Annotated[float, FACTOR] = 1.0
) -> Annotated[Image, Out("The pictures with the new contrast.", name="images")]:
    """Move the colours of pictures away from the middle grey, or towards it."""
    from safelight import diffusion

    return diffusion.colour.contrasted(images, factor)
