"""Deduplicate Images."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Many, Number, Out, node

THRESHOLD = Number(
    min=0.0, max=1.0, advanced=True, tip="How alike two pictures must be to count as one; 1 is most alike."
)


@node(
    "ImageDeduplication",
    category="image/batch",
    title="Deduplicate Images",
    aliases=("unique", "similar"),
    experimental=True,
)
def distinct(
    *, images: Many[Image], similarity_threshold: Annotated[float, THRESHOLD] = 0.95
) -> Annotated[Many[Image], Out("The first of each set of alike pictures.", name="images")]:
    """Leave out pictures that look like an earlier one, by a fingerprint of where they get lighter."""
    from safelight import diffusion

    singles = (one[None] for batch in images for one in batch)
    return Many(diffusion.likeness.distinct(singles, similarity_threshold))
