"""Shuffle Images List."""

from __future__ import annotations

from typing import Annotated

from nodes.types import SetSeed
from safelight import Image, Many, Out, node


@node(
    "ShuffleDataset",
    category="image/batch",
    title="Shuffle Images List",
    aliases=("random order",),
    experimental=True,
)
def shuffle(
    *, images: Many[Image], seed: SetSeed = 0
) -> Annotated[Many[Image], Out("The pictures in another order.", name="images")]:
    """Bring a list of pictures into a random order, the same for the same seed."""
    from safelight import diffusion

    return Many(images[place] for place in diffusion.batch.shuffled(len(images), seed))
