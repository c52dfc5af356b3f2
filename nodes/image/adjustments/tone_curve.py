"""Tone Curve."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import STRAIGHT, CurveShape
from nodes.utilities.curve import checked
from safelight import Choice, Image, node

CHANNEL = Choice(tip="Which colours the curve changes.")


@node(
    "ToneCurve",
    category="image/adjustments",
    title="Tone Curve",
    aliases=("levels", "gamma", "shadows", "highlights", "contrast"),
)
def tone_curve(
    *,
    image: Image,
    curve: CurveShape = STRAIGHT,
    channel: Annotated[Literal["all", "red", "green", "blue"], CHANNEL] = "all",
) -> Image:
    """Change how light pictures are by a curve: dark levels are at its left, light ones at its right."""
    from safelight import diffusion

    return diffusion.colour.toned(image, diffusion.curve.read(checked(curve)), channel)
