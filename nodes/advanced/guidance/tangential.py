"""Tangential Damping CFG."""

from __future__ import annotations

from nodes.advanced.guidance.zero_star import Patched
from safelight import Model, node


@node("TCFG", category="advanced/guidance", title="Tangential Damping CFG", aliases=("guidance",))
def tangential_guidance(*, model: Model) -> Patched:
    """Take from the negative prompt only what lies along the positive one (arXiv:2503.18137).

    What the two do not share leads away from good pictures and is left out.
    """
    from safelight import diffusion

    return Patched(diffusion.overlay.guided(model, "tangential"))
