"""Cond Set Default Combine."""

from __future__ import annotations

from nodes.advanced.hooks.value import Hooks
from safelight import Conditioning, node


@node(
    "ConditioningSetDefaultCombine",
    category="advanced/hooks/cond single",
    title="Cond Set Default Combine",
    experimental=True,
    aliases=("regional prompt", "background"),
)
def set_default_and_combine(
    *,
    cond: Conditioning,
    cond_DEFAULT: Conditioning,  # noqa: N803
    hooks: Hooks | None = None,
) -> Conditioning:
    """Add a prompt that acts where no other does: the background of what masks leave free.

    Where the others act weakly, it makes up the rest. The hooks are bound to it alone.
    """
    from safelight import diffusion

    made = diffusion.attachment.filling(diffusion.attachment.attached(cond_DEFAULT, hooks=hooks))
    return [*cond, *made]
