"""Set CLIP Hooks."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from nodes.advanced.hooks.value import Hooks
from safelight import Clip, In, Toggle, node

CARRY = Toggle(
    advanced=True,
    tip="Whether the prompts that this CLIP encodes carry the hooks, so that the model is changed for them.",
)
SCHEDULE = Toggle(
    advanced=True,
    tip="Whether a prompt is encoded anew for each strength of the keyframes; off uses the full strength.",
)


@node(
    "SetClipHooks",
    category="advanced/hooks/clip",
    title="Set CLIP Hooks",
    experimental=True,
    aliases=("regional lora", "lora schedule"),
)
def set_clip_hooks(
    *,
    clip: Clip,
    apply_to_conds: Annotated[bool, CARRY] = True,
    schedule_clip: Annotated[bool, SCHEDULE] = False,
    hooks: Annotated[Hooks | None, In("What to bind, in place of earlier ones.")] = None,
) -> Clip:
    """Let hooks change how the prompts are understood that are encoded with this CLIP.

    As a rule they are to change the model for these prompts, too; leave it to this node, or to "Cond Set
    Props" after encoding. If the keyframes are to act on the text encoder as well, each prompt becomes
    several, one for each part of the denoising.
    """
    if hooks is None:
        return clip
    from safelight import diffusion

    return replace(clip, hooked=diffusion.hook.TextHooks(hooks, apply_to_conds, schedule_clip))
