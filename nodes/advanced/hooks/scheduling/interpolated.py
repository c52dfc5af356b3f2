"""Create Hook Keyframes Interp."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from nodes.advanced.hooks.value import EARLIER, Keyframes, KeyframesOut
from nodes.types import Moment
from safelight import Choice, Context, Number, Toggle, node

First = Annotated[float, Number(min=0.0, max=10.0, step=0.001, tip="The strength to begin with.")]
Last = Annotated[float, Number(min=0.0, max=10.0, step=0.001, tip="The strength to end with.")]
Way = Annotated[
    Literal["linear", "ease_in", "ease_out", "ease_in_out"],
    Choice(tip="Even, slow at the beginning, slow at the end, or slow at both."),
]
Count = Annotated[
    int, Number(min=2, max=100, step=1, tip="In how many stages; as many as there are steps is finest.")
]
Tell = Annotated[bool, Toggle(advanced=True, tip="Whether to show the keyframes on the node.")]


@node(
    "CreateHookKeyframesInterpolated",
    category="advanced/hooks/scheduling",
    title="Create Hook Keyframes Interp.",
    experimental=True,
    aliases=("lora schedule", "fade"),
)
def interpolated_keyframes(
    ctx: Context,
    *,
    strength_start: First = 1.0,
    strength_end: Last = 1.0,
    interpolation: Way = "linear",
    start_percent: Moment = 0.0,
    end_percent: Moment = 1.0,
    keyframes_count: Count = 5,
    print_keyframes: Tell = False,
    prev_hook_kf: Annotated[Keyframes | None, EARLIER] = None,
) -> KeyframesOut:
    """Let hooks fade from one strength to another between two moments of the denoising, in stages.

    Every stage that the steps come to has the LoRA's layers computed anew, which takes as long as to change
    its strength by hand.
    """
    from safelight import diffusion

    strengths = diffusion.keyframe.between(strength_start, strength_end, keyframes_count, interpolation)
    made = diffusion.keyframe.spread(strengths, start_percent, end_percent)
    return added(prev_hook_kf, made, ctx if print_keyframes else None)


def added(earlier: Any, frames: tuple[Any, ...], told: Context | None) -> Any:
    """Keyframes with these, which are shown to whoever is to be told."""
    from safelight import diffusion

    if told is not None:
        rows = [f"from {frame.start:.3f} on: {frame.strength:.3f}" for frame in frames]
        told.show("text", ["\n".join(rows)])
    return (diffusion.keyframe.Keyframes() if earlier is None else earlier).added(*frames)
