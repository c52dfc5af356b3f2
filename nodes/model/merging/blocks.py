"""ModelMergeBlocks."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node


def share(part: str) -> Number:
    """How much of the first model a part of the result has."""
    return Number(min=0.0, max=1.0, step=0.01, tip=f"How much of the first model {part} has.")


Input = Annotated[float, share("the half of the network that reads the picture (and its sense of time)")]
Middle = Annotated[float, share("the middle of the network, which sees the whole")]
Output = Annotated[float, share("the half of the network that draws")]


@node("ModelMergeBlocks", category="model/merging", title="Merge Models by Blocks", aliases=("mbw",))
def merge_blocks(
    *, model1: Model, model2: Model, input: Input = 1.0, middle: Middle = 1.0, out: Output = 1.0
) -> Model:
    """Mix two models of one family with a ratio for each part of the network.

    1 takes a part from the first model, 0 from the second. Composition is mostly settled in the input and
    middle blocks, texture and colour in the output blocks.
    """
    from safelight import diffusion

    return diffusion.merge.blended(model1, model2, input=input, middle=middle, out=out)
