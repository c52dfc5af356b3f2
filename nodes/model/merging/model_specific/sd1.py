"""ModelMergeSD1."""

from __future__ import annotations

from typing import Annotated

from nodes.model.merging.model_specific.share import shares
from safelight import Model, node

Shares = Annotated[dict[str, float], shares(input_blocks=12, middle_block=3, output_blocks=12)]


@node(
    "ModelMergeSD1",
    category="model/merging/model specific",
    title="Merge Stable Diffusion 1 Models by Block",
    aliases=("mbw", "blocks"),
)
def merge_sd1(*, model1: Model, model2: Model, shares: Shares) -> Model:
    """Mix two Stable Diffusion 1 models with a ratio for each block.

    1 takes a block from the first model, 0 from the second.
    """
    from safelight import diffusion

    return diffusion.merge.placed(model1, model2, shares)
