"""ModelMergeSimple."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

MergeRatio = Annotated[
    float, Number(min=0.0, max=1.0, step=0.01, tip="How much of the first the result has.")
]


@node("ModelMergeSimple", category="model/merging", title="Merge Models", aliases=("mix", "average"))
def merge_simple(*, model1: Model, model2: Model, ratio: MergeRatio = 1.0) -> Model:
    """Mix two models of one family: every weight is so much of the first and the rest of the second.

    A ratio of 1 is the first model, 0 the second, exactly.
    """
    from safelight import diffusion

    return diffusion.merge.mixed(model1, model2, ratio, 1.0 - ratio)
