"""ModelMergeAdd."""

from __future__ import annotations

from safelight import Model, node


@node("ModelMergeAdd", category="model/merging", title="Add Models")
def merge_add(*, model1: Model, model2: Model) -> Model:
    """Add the weights of the second model to those of the first.

    The second is meant to be a difference: what "Subtract Models" leaves of a trained model and the one that
    it was trained from. So a skill goes from one model to another.
    """
    from safelight import diffusion

    return diffusion.merge.mixed(model1, model2, 1.0, 1.0)
