"""CFGNorm."""

from __future__ import annotations

from typing import Annotated

from nodes.advanced.guidance.zero_star import Patched
from safelight import BadInput, Model, Number, Toggle, node

STRENGTH = Number(min=0.0, max=100.0, step=0.01, tip="What the bounded result is multiplied by.")
EARLY = Toggle(
    tip="Whether to bound what the prompts say before guidance; leave it off, only after is known."
)


@node("CFGNorm", category="advanced/guidance", experimental=True, aliases=("guidance",))
def bounded_guidance(
    *, model: Model, strength: Annotated[float, STRENGTH] = 1.0, pre_cfg: Annotated[bool, EARLY] = False
) -> Patched:
    """Keep guidance from making any part of the latent stronger than the positive prompt alone makes it.

    Strong guidance then burns no colours.
    """
    from safelight import diffusion

    if pre_cfg:
        raise BadInput("pre_cfg", "it cannot be done before guidance here", "Turn it off.")
    return Patched(diffusion.overlay.guided(model, "bounded", strength=strength))
