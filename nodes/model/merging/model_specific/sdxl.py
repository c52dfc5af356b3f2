"""ModelMergeSDXL."""

from __future__ import annotations

from typing import Annotated

from nodes.model.merging.model_specific.share import short_shares
from safelight import Model, node

Shares = Annotated[dict[str, float], short_shares(input_blocks=9, middle_block=3, output_blocks=9)]


@node(
    "ModelMergeSDXL",
    category="model/merging/model specific",
    title="Merge SDXL Models by Block",
    aliases=("mbw", "blocks"),
)
def merge_sdxl(*, model1: Model, model2: Model, shares: Shares) -> Model:
    """Mix two SDXL models with a ratio for each block.

    1 takes a block from the first model, 0 from the second.
    """
    from safelight import diffusion

    return diffusion.merge.placed(model1, model2, shares)
