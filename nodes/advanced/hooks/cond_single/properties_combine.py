"""Cond Set Props Combine."""

from __future__ import annotations

from nodes.advanced.hooks.cond_single.properties import set_properties
from nodes.advanced.hooks.value import Bounds, Hooks, MaskStrength, Part
from safelight import Conditioning, Mask, node


@node(
    "ConditioningSetPropertiesAndCombine",
    category="advanced/hooks/cond single",
    title="Cond Set Props Combine",
    experimental=True,
    aliases=("regional lora", "regional prompt"),
)
def set_properties_and_combine(
    *,
    cond: Conditioning,
    cond_NEW: Conditioning,  # noqa: N803
    strength: MaskStrength = 1.0,
    set_cond_area: Bounds = "default",
    mask: Mask | None = None,
    hooks: Hooks | None = None,
    timesteps: Part | None = None,
) -> Conditioning:
    """Say where and when a new prompt acts and with which hooks, and add it to the others."""
    made = set_properties(
        cond_NEW=cond_NEW,
        strength=strength,
        set_cond_area=set_cond_area,
        mask=mask,
        hooks=hooks,
        timesteps=timesteps,
    )
    return [*cond, *made]
