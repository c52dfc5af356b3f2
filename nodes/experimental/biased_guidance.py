"""Positive-Biased Guidance."""

from __future__ import annotations

from nodes.advanced.guidance.zero_star import Patched
from safelight import Model, node


@node(
    "Mahiro",
    category="experimental",
    title="Positive-Biased Guidance",
    experimental=True,
    aliases=("mahiro", "guidance"),
)
def biased_guidance(*, model: Model) -> Patched:
    """Guide more in the direction of the positive prompt where the two prompts disagree.

    Plain guidance goes along the difference of the prompts, which may lead away from both.
    """
    from safelight import diffusion

    return Patched(diffusion.overlay.guided(model, "biased"))
