"""Basic Guider."""

from __future__ import annotations

from safelight import Conditioning, Guider, Model, node


@node("BasicGuider", category="model/sampling/guiders", title="Basic Guider")
def basic_guider(*, model: Model, conditioning: Conditioning) -> Guider:
    """Guide by one prompt alone, with nothing to stay away from: for distilled models."""
    from safelight import diffusion

    return diffusion.ingredient.GuiderHandle("basic", model, {"positive": conditioning})
