"""Adjust Brightness."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, Out, node

FACTOR = Number(min=0.0, max=2.0, tip="1 changes nothing, 0 makes black, 2 doubles the brightness.")


@node(
    "AdjustBrightness",
    category="image/adjustments",
    title="Adjust Brightness",
    aliases=("lighten", "darken"),
    experimental=True,
)
def brightness(
    *, images: Image, factor: Annotated[float, FACTOR] = 1.0
) -> Annotated[Image, Out("The pictures, brighter or darker.", name="images")]:
    """Make pictures brighter or darker."""
    from safelight import diffusion

    return diffusion.colour.brightened(images, factor)
