"""Set Hook Keyframes."""

from __future__ import annotations

from typing import Annotated

from nodes.advanced.hooks.value import Hooks, Keyframes
from safelight import In, node


@node(
    "SetHookKeyframes",
    category="advanced/hooks/scheduling",
    title="Set Hook Keyframes",
    experimental=True,
    aliases=("lora schedule", "fade"),
)
def set_keyframes(
    *,
    hooks: Hooks,
    hook_kf: Annotated[Keyframes | None, In("When which strength holds; in place of earlier ones.")] = None,
) -> Hooks:
    """Let the strength of hooks follow keyframes over the denoising, all of these hooks alike."""
    return hooks if hook_kf is None else hooks.scheduled(hook_kf)
