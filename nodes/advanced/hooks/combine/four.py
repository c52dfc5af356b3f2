"""Combine Hooks [4]."""

from __future__ import annotations

from nodes.advanced.hooks.combine.two import combined
from nodes.advanced.hooks.value import Hooks
from safelight import node


@node(
    "CombineHooks4",
    category="advanced/hooks/combine",
    title="Combine Hooks [4]",
    experimental=True,
)
def combine_four(
    *,
    hooks_A: Hooks | None = None,  # noqa: N803
    hooks_B: Hooks | None = None,  # noqa: N803
    hooks_C: Hooks | None = None,  # noqa: N803
    hooks_D: Hooks | None = None,  # noqa: N803
) -> Hooks:
    """Bind up to four groups of hooks together; what is in several counts once."""
    return combined(hooks_A, hooks_B, hooks_C, hooks_D)
