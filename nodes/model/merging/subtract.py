"""ModelMergeSubtract."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

MergeMultiplier = Annotated[
    float, Number(min=-10.0, max=10.0, step=0.01, tip="What the difference is multiplied with.")
]


@node("ModelMergeSubtract", category="model/merging", title="Subtract Models", aliases=("difference",))
def merge_subtract(*, model1: Model, model2: Model, multiplier: MergeMultiplier = 1.0) -> Model:
    """What the first model has learned beyond the second: the difference of their weights.

    The result draws nothing by itself. It is meant to be added to a third model with "Add Models".
    """
    from safelight import diffusion

    return diffusion.merge.mixed(model1, model2, multiplier, -multiplier)
