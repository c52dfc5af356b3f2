"""Image Histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from safelight import Image, Out, node, socket

if TYPE_CHECKING:
    Counts = list[int]
else:
    Counts = socket("HISTOGRAM")


class Histograms(NamedTuple):
    """How many pixels have each level, 0 to 255."""

    rgb: Annotated[Counts, Out("The mean of the three colours.")]
    luminance: Annotated[Counts, Out("Of how light pixels are (ITU-R BT.709).")]
    red: Annotated[Counts, Out("Of red.")]
    green: Annotated[Counts, Out("Of green.")]
    blue: Annotated[Counts, Out("Of blue.")]


@node(
    "ImageHistogram", category="utilities", title="Image Histogram", aliases=("levels", "exposure", "count")
)
def histogram(*, image: Image) -> Histograms:
    """Count how many pixels of a picture, or of a whole batch, have each of 256 levels."""
    from safelight import diffusion

    return Histograms(*diffusion.histogram.of(image))
