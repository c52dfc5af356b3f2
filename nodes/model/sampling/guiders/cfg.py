"""CFG Guider."""

from __future__ import annotations

from nodes.types import Cfg
from safelight import Conditioning, Guider, Model, node


@node("CFGGuider", category="model/sampling/guiders", title="CFG Guider", aliases=("classifier-free",))
def cfg_guider(*, model: Model, positive: Conditioning, negative: Conditioning, cfg: Cfg = 8.0) -> Guider:
    """Guide towards one prompt and away from another, as a KSampler does."""
    from safelight import diffusion

    sides = {"positive": positive, "negative": negative}
    return diffusion.ingredient.GuiderHandle("cfg", model, sides, (("cfg", cfg),))
