"""Combine Hooks [2]."""

from __future__ import annotations

from nodes.advanced.hooks.value import Hooks
from safelight import node


@node(
    "CombineHooks2",
    category="advanced/hooks/combine",
    title="Combine Hooks [2]",
    experimental=True,
)
def combine_two(*, hooks_A: Hooks | None = None, hooks_B: Hooks | None = None) -> Hooks:  # noqa: N803
    """Bind two groups of hooks together; what is in both counts once."""
    return combined(hooks_A, hooks_B)


def combined(*groups: Hooks | None) -> Hooks:
    """The hooks of all groups that are connected."""
    from safelight import diffusion

    return diffusion.hook.Hooks().combined(*(group for group in groups if group is not None))
