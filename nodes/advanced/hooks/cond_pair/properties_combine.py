"""Cond Pair Set Props Combine."""

from __future__ import annotations

from nodes.advanced.hooks.cond_pair.properties import set_pair_properties
from nodes.advanced.hooks.value import Bounds, Hooks, MaskStrength, Pair, Part
from safelight import Conditioning, Mask, node


@node(
    "PairConditioningSetPropertiesAndCombine",
    category="advanced/hooks/cond pair",
    title="Cond Pair Set Props Combine",
    experimental=True,
    aliases=("regional lora", "regional prompt"),
)
def set_pair_properties_and_combine(
    *,
    positive: Conditioning,
    negative: Conditioning,
    positive_NEW: Conditioning,  # noqa: N803
    negative_NEW: Conditioning,  # noqa: N803
    strength: MaskStrength = 1.0,
    set_cond_area: Bounds = "default",
    mask: Mask | None = None,
    hooks: Hooks | None = None,
    timesteps: Part | None = None,
) -> Pair:
    """Say where and when a new pair of prompts acts and with which hooks, and add it to the others."""
    made = set_pair_properties(
        positive_NEW=positive_NEW,
        negative_NEW=negative_NEW,
        strength=strength,
        set_cond_area=set_cond_area,
        mask=mask,
        hooks=hooks,
        timesteps=timesteps,
    )
    return Pair([*positive, *made.positive], [*negative, *made.negative])
