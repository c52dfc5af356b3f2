"""Cond Set Props."""

from __future__ import annotations

from nodes.advanced.hooks.value import Bounds, Hooks, MaskStrength, Part
from safelight import Conditioning, Mask, node


@node(
    "ConditioningSetProperties",
    category="advanced/hooks/cond single",
    title="Cond Set Props",
    experimental=True,
    aliases=("regional lora", "regional prompt"),
)
def set_properties(
    *,
    cond_NEW: Conditioning,  # noqa: N803
    strength: MaskStrength = 1.0,
    set_cond_area: Bounds = "default",
    mask: Mask | None = None,
    hooks: Hooks | None = None,
    timesteps: Part | None = None,
) -> Conditioning:
    """Say where a prompt acts (a mask), when (a part of the denoising), and with which hooks."""
    from safelight import diffusion

    return diffusion.attachment.attached(
        cond_NEW, hooks=hooks, mask=mask, strength=strength, bounds=set_cond_area, span=timesteps
    )
