"""TomePatchModel."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

Ratio = Annotated[
    float, Number(min=0.0, max=1.0, step=0.01, tip="The share of places to merge; 0 changes nothing.")
]


@node("TomePatchModel", category="model/patch/unet", title="Merge Tokens", aliases=("tome", "faster"))
def merge_tokens(*, model: Model, ratio: Ratio = 0.3) -> Model:
    """Make sampling faster: places of the picture that are nearly alike are attended to as one.

    The larger the picture, the more it saves, and the more fine detail is lost at a high ratio.
    """
    from safelight import diffusion

    return diffusion.tome.with_merging(model, ratio)
