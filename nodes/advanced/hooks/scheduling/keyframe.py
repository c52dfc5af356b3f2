"""Create Hook Keyframe."""

from __future__ import annotations

from typing import Annotated

from nodes.advanced.hooks.value import EARLIER, Keyframes, KeyframesOut
from nodes.types import Moment
from safelight import Number, node

Times = Annotated[
    float,
    Number(min=-20.0, max=20.0, step=0.01, tip="What the strength of each hook is multiplied by from here."),
]


@node(
    "CreateHookKeyframe",
    category="advanced/hooks/scheduling",
    title="Create Hook Keyframe",
    experimental=True,
    aliases=("lora schedule",),
)
def hook_keyframe(
    *,
    strength_mult: Times = 1.0,
    start_percent: Moment = 0.0,
    prev_hook_kf: Annotated[Keyframes | None, EARLIER] = None,
) -> KeyframesOut:
    """Say how strong hooks are from a moment of the denoising on, until the next keyframe begins.

    Before the first keyframe its strength holds already. Each gets at least one step, so that keyframes which
    lie closer together than the steps follow one another step by step.
    """
    from safelight import diffusion

    frames = diffusion.keyframe.Keyframes() if prev_hook_kf is None else prev_hook_kf
    return frames.added(diffusion.keyframe.Keyframe(strength_mult, start_percent, owed=1))
