"""Shuffle Pairs of Image-Text."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from nodes.types import SetSeed
from safelight import BadInput, Image, In, Many, Out, node


class Pairs(NamedTuple):
    """Pictures and texts that belong together, in the same new order."""

    images: Annotated[Many[Image], Out("The pictures in another order.")]
    texts: Annotated[Many[str], Out("The texts in the order of their pictures.")]


@node(
    "ShuffleImageTextDataset",
    category="image/batch",
    title="Shuffle Pairs of Image-Text",
    aliases=("random order", "captions"),
    experimental=True,
)
def shuffle_pairs(
    *,
    images: Many[Image],
    texts: Annotated[Many[str], In("A text for each picture.")],
    seed: SetSeed = 0,
) -> Pairs:
    """Bring pictures and their texts into the same random order."""
    from safelight import diffusion

    if len(images) != len(texts):
        raise BadInput(
            "texts", f"{len(texts)} texts came for {len(images)} pictures", "Give a text for each."
        )
    order = diffusion.batch.shuffled(len(images), seed)
    return Pairs(Many(images[place] for place in order), Many(texts[place] for place in order))
