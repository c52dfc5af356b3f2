"""Cond Pair Set Props."""

from __future__ import annotations

from nodes.advanced.hooks.cond_single.properties import set_properties
from nodes.advanced.hooks.value import Bounds, Hooks, MaskStrength, Pair, Part
from safelight import Conditioning, Mask, node


@node(
    "PairConditioningSetProperties",
    category="advanced/hooks/cond pair",
    title="Cond Pair Set Props",
    experimental=True,
    aliases=("regional lora", "regional prompt"),
)
def set_pair_properties(
    *,
    positive_NEW: Conditioning,  # noqa: N803
    negative_NEW: Conditioning,  # noqa: N803
    strength: MaskStrength = 1.0,
    set_cond_area: Bounds = "default",
    mask: Mask | None = None,
    hooks: Hooks | None = None,
    timesteps: Part | None = None,
) -> Pair:
    """Say where and when a positive and a negative prompt act, and with which hooks.

    As both have the hooks, guidance sets off one against the other with the same weights.
    """
    return Pair(
        *(
            set_properties(
                cond_NEW=one,
                strength=strength,
                set_cond_area=set_cond_area,
                mask=mask,
                hooks=hooks,
                timesteps=timesteps,
            )
            for one in (positive_NEW, negative_NEW)
        )
    )
