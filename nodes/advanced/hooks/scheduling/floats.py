"""Create Hook Keyframes From Floats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any

from nodes.advanced.hooks.scheduling.interpolated import Tell, added
from nodes.advanced.hooks.value import EARLIER, Floats, Keyframes, KeyframesOut
from nodes.types import Moment
from safelight import BadInput, Context, In, node

NUMBERS = In("The strengths, one after the other: a list of numbers, as some packs make them.")


@node(
    "CreateHookKeyframesFromFloats",
    category="advanced/hooks/scheduling",
    title="Create Hook Keyframes From Floats",
    experimental=True,
    aliases=("lora schedule",),
)
def keyframes_from_floats(
    ctx: Context,
    *,
    floats_strength: Annotated[Floats, NUMBERS],
    start_percent: Moment = 0.0,
    end_percent: Moment = 1.0,
    print_keyframes: Tell = False,
    prev_hook_kf: Annotated[Keyframes | None, EARLIER] = None,
) -> KeyframesOut:
    """Let hooks have one strength after the other, spread evenly between two moments of the denoising."""
    from safelight import diffusion

    made = diffusion.keyframe.spread(numbers(floats_strength), start_percent, end_percent)
    return added(prev_hook_kf, made, ctx if print_keyframes else None)


def numbers(value: Any) -> list[float]:
    """The strengths in a value: one number, or several."""
    found = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    for place, one in enumerate(found):
        if isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one):
            raise BadInput(
                "floats_strength",
                f"its value {place + 1} is {str(one)[:40]!r} in place of a number",
                "Connect a list of numbers.",
            )
    return [float(one) for one in found]
